/**
 * Names of DNS, as Kubernetes takes them (kubernetes.io/docs/concepts/overview/working-with-objects/names).
 * Each check gives what is wrong in the words of kube-apiserver, and nothing when all is well.
 */

const LABEL_1123 = '[a-z0-9]([-a-z0-9]*[a-z0-9])?'
const SUBDOMAIN_1123 = `${LABEL_1123}(\\.${LABEL_1123})*`
const LABEL_1035 = '[a-z]([-a-z0-9]*[a-z0-9])?'

export function subdomainProblems(name: string): readonly string[] {
  return problems(name, {
    limit: 253,
    format: SUBDOMAIN_1123,
    rule: "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
    examples: "(e.g. 'example.com', ",
  })
}

/** Names of namespaces and containers. */
export function shortNameProblems(name: string): readonly string[] {
  return problems(name, {
    limit: 63,
    format: LABEL_1123,
    rule: "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
    examples: "(e.g. 'my-name',  or '123-abc', ",
  })
}

/** Names of resources, kinds and versions start with a letter. */
export function labelProblems(name: string): readonly string[] {
  return problems(name, {
    limit: 63,
    format: LABEL_1035,
    rule: "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character",
    examples: "(e.g. 'my-name',  or 'abc-123', ",
  })
}

interface NameRule {
  readonly limit: number
  readonly format: string
  readonly rule: string
  readonly examples: string
}

function problems(name: string, { limit, format, rule, examples }: NameRule): readonly string[] {
  const found: string[] = []
  if (name.length > limit) found.push(`must be no more than ${limit} bytes`)
  if (!new RegExp(`^${format}$`).test(name)) {
    found.push(`${rule} ${examples}regex used for validation is '${format}')`)
  }
  return found
}
