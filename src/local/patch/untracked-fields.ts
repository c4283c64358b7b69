import { difference, type FieldSet, fieldSet, OWN_FIELD } from './field-set.ts'
import { fieldElement, type PathElement } from './path-element.ts'

/** Members of `metadata` that are the server's, whoever writes them. */
const SERVER_METADATA = [
  'name',
  'namespace',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'managedFields',
  'selfLink',
  'clusterName',
]

const UNTRACKED: FieldSet = fieldSet(false, [
  [fieldElement('apiVersion'), OWN_FIELD],
  [fieldElement('kind'), OWN_FIELD],
  [
    fieldElement('metadata'),
    fieldSet(
      true,
      SERVER_METADATA.map((name): [PathElement, FieldSet] => [fieldElement(name), OWN_FIELD]),
    ),
  ],
])

/** What nobody owns is left out. */
export function trackedFields(set: FieldSet): FieldSet {
  return difference(set, UNTRACKED)
}
