const FORM = /^[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?<suffix>.*)$/s
const SUFFIX = /^(?:|[numkMGTPE]|[KMGTPE]i|[eE][+-]?[0-9]+)$/
const GRAMMAR = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"

/**
 * What kube-apiserver says of a text that is no amount (`100m`, `1.5Gi`, `1e3`), undefined when it is one
 * (kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity).
 */
export function quantityProblem(text: string): string | undefined {
  const trimmed = text.trim()
  const suffix = FORM.exec(trimmed)?.groups?.['suffix']
  if (suffix === undefined || !/^[eEinumkKMGTP]*[-+]?[0-9]*$/.test(suffix)) return GRAMMAR
  return SUFFIX.test(suffix) ? undefined : "unable to parse quantity's suffix"
}
