import type { FailureCause } from '../../kube/kube-failure.ts'
import type { JsonObject } from '../../model/json.ts'
import { invalid, required } from './field-causes.ts'
import { objectAt, textAt } from './json-reading.ts'

const ANNOTATION = 'api-approved.kubernetes.io'
const EXPLAINED = 'see https://github.com/kubernetes/enhancements/pull/1111'

/** Groups of the Kubernetes community need a link to the approval of their API, or the word that there is none. */
export function approvalProblems(definition: JsonObject, group: string): readonly FailureCause[] {
  if (!/(?:^|\.)(?:k8s|kubernetes)\.io$/.test(group)) return []
  const field = `metadata.annotations[${ANNOTATION}]`
  const value = textAt(objectAt(objectAt(definition, 'metadata'), 'annotations'), ANNOTATION)
  const rule = `protected groups must have approval annotation "${ANNOTATION}"`
  if (value === '') return [required(field, `${rule}, ${EXPLAINED}`)]
  if (value.startsWith('unapproved') || URL.canParse(value)) return []
  const detail = `${rule} with either a URL or a reason starting with "unapproved", ${EXPLAINED}`
  return [invalid(field, value, detail)]
}
