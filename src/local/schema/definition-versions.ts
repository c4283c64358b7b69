import type { FailureCause } from '../../kube/kube-failure.ts'
import type { Json, JsonObject } from '../../model/json.ts'
import { labelProblems } from './dns-names.ts'
import { invalid, required } from './field-causes.ts'
import { sameJson } from './json-equality.ts'
import { findObject, flagAt, objectAt, objectsAt, textAt, valueAt } from './json-reading.ts'
import { columnProblems, subresourceProblems } from './subresource-rules.ts'
import { versionSchemaProblems } from './version-schema.ts'

export function schemaOf(version: JsonObject): JsonObject | undefined {
  return findObject(objectAt(version, 'schema'), 'openAPIV3Schema')
}

/** What is wrong with each version, and with all of them together. */
export function versionsProblems(spec: JsonObject): readonly FailureCause[] {
  const versions = objectsAt(spec, 'versions')
  const names = versions.map(version => textAt(version, 'name'))
  const storing = versions.filter(version => flagAt(version, 'storage'))
  const shown: Json = versions.map(({ name = '', served = false, storage = false }) => ({
    name,
    served,
    storage,
  }))
  const shared = sharedParts(versions)
  return [
    ...versions.flatMap((version, at) =>
      schemaOf(version) === undefined ? [required(`spec.versions[${at}].schema.openAPIV3Schema`, '')] : [],
    ),
    ...versions.flatMap((version, at) => versionProblems(version, `spec.versions[${at}]`, shared)),
    ...(new Set(names).size < names.length
      ? [invalid('spec.versions', shown, 'must contain unique version names')]
      : []),
    ...(storing.length === 1
      ? []
      : [invalid('spec.versions', shown, 'must have exactly one version marked as storage version')]),
  ]
}

/** What all versions have in common is reported as if it were written once, above them. */
interface Shared {
  readonly schema: boolean
  readonly columns: boolean
  readonly subresources: boolean
}

function sharedParts([first = {}, ...others]: readonly JsonObject[]): Shared {
  const same = (key: string): boolean =>
    others.every(version => sameJson(valueAt(version, key) ?? null, valueAt(first, key) ?? null))
  return {
    schema: same('schema'),
    columns: same('additionalPrinterColumns'),
    subresources: same('subresources'),
  }
}

function versionProblems(version: JsonObject, place: string, shared: Shared): readonly FailureCause[] {
  const name = textAt(version, 'name')
  const problems = labelProblems(name)
  const { schema, columns, subresources } = shared
  return [
    ...(problems.length === 0 ? [] : [invalid(`${place}.name`, name, problems.join(','))]),
    ...deprecationProblems(version, place),
    ...(schema ? [] : versionSchemaProblems(schemaOf(version), `${place}.schema`, hasStatus(version))),
    ...(subresources ? [] : subresourceProblems(objectAt(version, 'subresources'), `${place}.subresources`)),
    ...(columns ? [] : columnsProblems(version, place)),
  ]
}

/** What is wrong with what all versions have in common. */
export function sharedProblems(spec: JsonObject): readonly FailureCause[] {
  const versions = objectsAt(spec, 'versions')
  const [first] = versions
  if (first === undefined) return []
  const { schema, columns, subresources } = sharedParts(versions)
  return [
    ...(schema ? versionSchemaProblems(schemaOf(first), 'spec.validation', versions.some(hasStatus)) : []),
    ...(subresources ? subresourceProblems(objectAt(first, 'subresources'), 'spec.subresources') : []),
    ...(columns ? columnsProblems(first, 'spec') : []),
  ]
}

function columnsProblems(version: JsonObject, place: string): readonly FailureCause[] {
  return objectsAt(version, 'additionalPrinterColumns').flatMap((column, at) =>
    columnProblems(column, `${place}.additionalPrinterColumns[${at}]`),
  )
}

function deprecationProblems(version: JsonObject, place: string): readonly FailureCause[] {
  const warning = valueAt(version, 'deprecationWarning')
  if (typeof warning !== 'string') return []
  const refuse = (detail: string): FailureCause => invalid(`${place}.deprecationWarning`, warning, detail)
  if (!flagAt(version, 'deprecated')) return [refuse('can only be set for deprecated versions')]
  if (warning.length > 256) return [refuse('must be <= 256 characters long')]
  return warning === '' ? [refuse('must not be an empty string')] : []
}

function hasStatus(version: JsonObject): boolean {
  return findObject(objectAt(version, 'subresources'), 'status') !== undefined
}
