import type { FailureCause } from '../../kube/kube-failure.ts'
import type { JsonObject } from '../../model/json.ts'
import { forbidden, invalid, notSupported, required } from './field-causes.ts'
import { findObject, flagAt, objectAt, textAt, textsAt, valueAt } from './json-reading.ts'

const LIST_TYPE = 'x-kubernetes-list-type'
const MAP_KEYS = 'x-kubernetes-list-map-keys'
const MAP_TYPE = 'x-kubernetes-map-type'

/** What is wrong with `x-kubernetes-list-type` and `x-kubernetes-list-map-keys`. */
export function listTypeProblems(schema: JsonObject, place: string): readonly FailureCause[] {
  const listType = textAt(schema, LIST_TYPE)
  return [
    ...ownTypeProblems(schema, place, listType),
    ...(listType === 'set' ? setProblems(schema, place) : []),
    ...keyUseProblems(schema, place, listType),
    ...(listType === 'map' ? mapProblems(schema, place) : []),
    ...(listType === 'map' || listType === 'set' ? nullableProblems(schema, place, listType) : []),
  ]
}

function ownTypeProblems(schema: JsonObject, place: string, listType: string): readonly FailureCause[] {
  if (listType === '') return []
  const found: FailureCause[] = []
  const type = textAt(schema, 'type')
  const rule = 'must be array if x-kubernetes-list-type is specified'
  if (type === '') found.push(required(`${place}.type`, rule))
  else if (type !== 'array') found.push(invalid(`${place}.type`, type, rule))
  if (!['atomic', 'set', 'map'].includes(listType)) {
    found.push(notSupported(`${place}.${LIST_TYPE}`, listType, ['atomic', 'set', 'map']))
  }
  return found
}

function setProblems(schema: JsonObject, place: string): readonly FailureCause[] {
  const items = objectAt(schema, 'items')
  const rule = 'must be atomic as item of a list with x-kubernetes-list-type=set'
  const inner = textAt(items, LIST_TYPE)
  if (textAt(items, 'type') === 'array' && inner !== '' && inner !== 'atomic') {
    return [invalid(`${place}.items.${LIST_TYPE}`, inner, rule)]
  }
  if (textAt(items, 'type') === 'object' && textAt(items, MAP_TYPE) !== 'atomic') {
    return [invalid(`${place}.items.${MAP_TYPE}`, valueAt(items, MAP_TYPE) ?? null, rule)]
  }
  return []
}

function keyUseProblems(schema: JsonObject, place: string, listType: string): readonly FailureCause[] {
  if (textsAt(schema, MAP_KEYS).length === 0 || listType === 'map') return []
  const rule = 'must be map if x-kubernetes-list-map-keys is non-empty'
  const field = `${place}.${LIST_TYPE}`
  return [listType === '' ? required(field, rule) : invalid(field, listType, rule)]
}

function mapProblems(schema: JsonObject, place: string): readonly FailureCause[] {
  const keys = textsAt(schema, MAP_KEYS)
  const items = findObject(schema, 'items')
  const found: FailureCause[] = []
  if (keys.length === 0) {
    found.push(required(`${place}.${MAP_KEYS}`, 'must not be empty if x-kubernetes-list-type is map'))
  }
  if (items === undefined) {
    found.push(required(`${place}.items`, 'must have a schema if x-kubernetes-list-type is map'))
    return found
  }
  const type = textAt(items, 'type')
  if (type !== 'object') {
    const rule = "must be object if parent array's x-kubernetes-list-type is map"
    found.push(invalid(`${place}.items.type`, type, rule))
    return found
  }
  return [...found, ...keyProblems(items, keys, place)]
}

function keyProblems(items: JsonObject, keys: readonly string[], place: string): readonly FailureCause[] {
  const properties = objectAt(items, 'properties')
  return keys.flatMap((key, at) => {
    const found: FailureCause[] = []
    const property = findObject(properties, key)
    if (property === undefined) {
      found.push(invalid(`${place}.${MAP_KEYS}`, keys, 'entries must all be names of item properties'))
    } else if (['array', 'object'].includes(textAt(property, 'type'))) {
      const rule = "must be a scalar type if parent array's x-kubernetes-list-type is map"
      found.push(invalid(`${place}.items.properties[${key}].type`, textAt(items, 'type'), rule))
    }
    if (keys.indexOf(key) < at) {
      found.push(invalid(`${place}.${MAP_KEYS}`, keys, 'must not contain duplicate entries'))
    }
    return found
  })
}

function nullableProblems(schema: JsonObject, place: string, listType: string): readonly FailureCause[] {
  const items = findObject(schema, 'items')
  if (items === undefined) return []
  const found: FailureCause[] = []
  if (flagAt(items, 'nullable')) {
    const detail = `cannot be nullable when x-kubernetes-list-type is ${listType}`
    found.push(forbidden(`${place}.items.nullable`, detail))
  }
  if (listType === 'set') return found
  const properties = objectAt(items, 'properties')
  for (const key of textsAt(schema, MAP_KEYS)) {
    const property = findObject(properties, key)
    if (property !== undefined) found.push(...absentKeyProblems(items, property, { key, place }))
  }
  return found
}

/** Items without their keys could not be told from one another. */
function absentKeyProblems(
  items: JsonObject,
  property: JsonObject,
  { key, place }: { readonly key: string; readonly place: string },
): readonly FailureCause[] {
  const field = `${place}.items.properties[${key}]`
  const reason = 'this property is in x-kubernetes-list-map-keys, so it'
  const found: FailureCause[] = []
  if (!textsAt(items, 'required').includes(key) && valueAt(property, 'default') === undefined) {
    found.push(required(`${field}.default`, `${reason} must have a default or be a required property`))
  }
  if (flagAt(property, 'nullable')) found.push(forbidden(`${field}.nullable`, `${reason} cannot be nullable`))
  return found
}
