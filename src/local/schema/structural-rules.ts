import type { FailureCause } from '../../kube/kube-failure.ts'
import type { Json, JsonObject } from '../../model/json.ts'
import { forbidden, invalid, required } from './field-causes.ts'
import { sameJson } from './json-equality.ts'
import { findObject, flagAt, objectAt, objectsAt, textAt, valueAt } from './json-reading.ts'
import { nestedProblems } from './nested-rules.ts'
import { incompleteProblems } from './schema-completeness.ts'

/**
 * What makes a schema other than structural
 * (kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema):
 * every level has a type, and what is in allOf, anyOf, oneOf and not only restricts what is known outside of them.
 * In the order of their texts, as kube-apiserver reports them.
 */
export function structuralProblems(schema: JsonObject, place: string): readonly FailureCause[] {
  const problems = [...invariantProblems(schema, place, 'root'), ...incompleteProblems(schema, place)]
  return problems.sort((a, b) => (fullText(a) < fullText(b) ? -1 : 1))
}

type Level = 'root' | 'item' | 'field'

const MISSING_TYPE: Readonly<Record<Level, string>> = {
  root: 'must not be empty at the root',
  item: 'must not be empty for specified array items',
  field: 'must not be empty for specified object fields',
}
const INT_OR_STRING: Json = [{ type: 'integer' }, { type: 'string' }]

function fullText({ field, message }: FailureCause): string {
  return `${field}: ${message}`
}

function invariantProblems(schema: JsonObject, place: string, level: Level): readonly FailureCause[] {
  const items = findObject(schema, 'items')
  const additional = findObject(schema, 'additionalProperties')
  const found: FailureCause[] = []
  if (textAt(schema, 'type') === 'array' && items === undefined) {
    found.push(required(`${place}.items`, 'must be specified'))
  }
  if (items !== undefined) found.push(...invariantProblems(items, `${place}.items`, 'item'))
  const properties = objectAt(schema, 'properties')
  for (const name of Object.keys(properties)) {
    found.push(...invariantProblems(objectAt(properties, name), `${place}.properties[${name}]`, 'field'))
  }
  if (additional !== undefined) {
    found.push(...invariantProblems(additional, `${place}.additionalProperties`, 'field'))
  }
  found.push(...rootProblems(schema, place, level), ...extensionProblems(schema, place))
  found.push(...junctorProblems(schema, place), ...typeProblems(schema, place, level))
  found.push(...metaProblems(schema, place, level))
  return found
}

function rootProblems(schema: JsonObject, place: string, level: Level): readonly FailureCause[] {
  if (level !== 'root') return []
  const type = textAt(schema, 'type')
  return [
    ...(valueAt(schema, 'additionalProperties') === undefined
      ? []
      : [forbidden(`${place}.additionalProperties`, 'must not be used at the root')]),
    ...(type === '' || type === 'object'
      ? []
      : [invalid(`${place}.type`, type, 'must be object at the root')]),
  ]
}

function extensionProblems(schema: JsonObject, place: string): readonly FailureCause[] {
  if (!flagAt(schema, 'x-kubernetes-int-or-string')) return []
  return ['x-kubernetes-preserve-unknown-fields', 'x-kubernetes-embedded-resource']
    .filter(extension => flagAt(schema, extension))
    .map(extension =>
      invalid(`${place}.${extension}`, true, 'must be false if x-kubernetes-int-or-string is true'),
    )
}

/** `anyOf: [{type: integer}, {type: string}]` is the one place where types may be inside of a junctor. */
function junctorProblems(schema: JsonObject, place: string): readonly FailureCause[] {
  const [firstOfAll = {}] = objectsAt(schema, 'allOf')
  return nestedProblems(schema, place, {
    skipAnyOf: sameJson(valueAt(schema, 'anyOf') ?? null, INT_OR_STRING),
    skipFirstAnyOf: sameJson(valueAt(firstOfAll, 'anyOf') ?? null, INT_OR_STRING),
  })
}

function typeProblems(schema: JsonObject, place: string, level: Level): readonly FailureCause[] {
  const type = textAt(schema, 'type')
  if (flagAt(schema, 'x-kubernetes-embedded-resource')) return embeddedProblems(schema, place, type)
  const open =
    flagAt(schema, 'x-kubernetes-int-or-string') || flagAt(schema, 'x-kubernetes-preserve-unknown-fields')
  return type !== '' || open ? [] : [required(`${place}.type`, MISSING_TYPE[level])]
}

function embeddedProblems(schema: JsonObject, place: string, type: string): readonly FailureCause[] {
  const found: FailureCause[] = []
  const rule = 'must be object if x-kubernetes-embedded-resource is true'
  if (type === '') found.push(required(`${place}.type`, rule))
  else if (type !== 'object') found.push(invalid(`${place}.type`, type, rule))
  if (valueAt(schema, 'additionalProperties') !== undefined) {
    const detail = 'must not be used if x-kubernetes-embedded-resource is set'
    found.push(forbidden(`${place}.additionalProperties`, detail))
  }
  const empty = Object.keys(objectAt(schema, 'properties')).length === 0
  if (empty && !flagAt(schema, 'x-kubernetes-preserve-unknown-fields')) {
    const detail =
      'must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields'
    found.push(required(`${place}.properties`, detail))
  }
  return found
}

/** Types of apiVersion, kind and metadata are those of every object; only names may be restricted. */
function metaProblems(schema: JsonObject, place: string, level: Level): readonly FailureCause[] {
  if (level !== 'root' && !flagAt(schema, 'x-kubernetes-embedded-resource')) return []
  const properties = objectAt(schema, 'properties')
  const found = ['kind', 'apiVersion'].flatMap(name => {
    const property = findObject(properties, name)
    if (property === undefined || textAt(property, 'type') === 'string') return []
    return [invalid(`${place}.properties[${name}].type`, textAt(property, 'type'), 'must be string')]
  })
  const metadata = findObject(properties, 'metadata')
  if (metadata === undefined) return found
  const field = `${place}.properties[metadata]`
  const type = textAt(metadata, 'type')
  if (type !== 'object') found.push(invalid(`${field}.type`, type, 'must be object'))
  if (level === 'root' && restrictsMore(metadata)) {
    const detail =
      'must not specify anything other than name and generateName, but metadata is implicitly specified'
    found.push(forbidden(field, detail))
  }
  return found
}

function restrictsMore(metadata: JsonObject): boolean {
  const allowed = ['type', 'properties', 'default']
  const names = ['name', 'generateName']
  return (
    Object.keys(metadata).some(key => !allowed.includes(key)) ||
    Object.keys(objectAt(metadata, 'properties')).some(name => !names.includes(name))
  )
}
