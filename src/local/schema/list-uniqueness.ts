import type { FailureCause } from '../../kube/kube-failure.ts'
import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts'
import { duplicate, invalid } from './field-causes.ts'
import { goJson, isList } from './go-text.ts'
import { propertySchema, type SchemaNode } from './schema-node.ts'

/**
 * Items that are in a list of type set twice, or have the keys of another in a list of type map
 * (kubernetes.io/docs/reference/using-api/server-side-apply/#merge-strategy). Each is reported once.
 */
export function duplicateItems(node: SchemaNode, value: Json, field = ''): readonly FailureCause[] {
  if (isList(value)) {
    const { items } = node
    const inside =
      items === undefined ? [] : value.map((item, at) => duplicateItems(items, item, `${field}[${at}]`))
    return [...duplicatesIn(node, value, field), ...inside.flat()]
  }
  if (!isJsonObject(value)) return []
  return Object.entries(value).flatMap(([name, part]) => {
    const schema = propertySchema(node, name)
    return schema === undefined ? [] : duplicateItems(schema, part, childField(node, field, name))
  })
}

function childField(node: SchemaNode, field: string, name: string): string {
  if (!node.properties.has(name)) return `${field}[${name}]`
  return field === '' ? name : `${field}.${name}`
}

function duplicatesIn(node: SchemaNode, list: readonly Json[], field: string): readonly FailureCause[] {
  if (node.listType === 'set') return repeated(list, item => item, field)
  if (node.listType !== 'map') return []
  const odd = list.findIndex(item => item !== null && !isJsonObject(item))
  if (odd >= 0) {
    const detail = 'must be an object for an array of list-type map'
    return [invalid(`${field}[${odd}]`, list[odd] ?? null, detail)]
  }
  return repeated(list, item => (isJsonObject(item) ? keysOf(node, item) : {}), field)
}

function keysOf(node: SchemaNode, item: JsonObject): JsonObject {
  const keys = node.listMapKeys.filter(key => Object.hasOwn(item, key))
  return Object.fromEntries(keys.map(key => [key, item[key] ?? null]))
}

function repeated(
  list: readonly Json[],
  identity: (item: Json) => Json,
  field: string,
): readonly FailureCause[] {
  const seen = new Map<string, number>()
  return list.flatMap((item, at) => {
    const same = identity(item)
    const text = goJson(same)
    const times = (seen.get(text) ?? 0) + 1
    seen.set(text, times)
    return times === 2 ? [duplicate(`${field}[${at}]`, same)] : []
  })
}
