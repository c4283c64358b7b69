import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts'
import { isList } from './go-text.ts'
import { mappedList, mappedObject } from './json-mapping.ts'
import { propertySchema, type SchemaNode } from './schema-node.ts'

/**
 * Fills in the defaults of a schema
 * (kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#defaulting-and-nullable):
 * `null` where the schema does not allow it counts as absent, so the default takes its place, or the field goes.
 * Objects that are absent stay so, even if fields inside of them have defaults. What does not change is shared
 * with the value that was given.
 */
export function defaulted(node: SchemaNode | undefined, value: Json): Json {
  if (isList(value)) {
    const items = node?.items
    return items === undefined ? value : mappedList(value, item => defaulted(items, filled(items, item)))
  }
  return isJsonObject(value) ? defaultedObject(node, value) : value
}

function defaultedObject(node: SchemaNode | undefined, object: JsonObject): JsonObject {
  const changed = mappedObject(object, (name, part) => {
    const schema = propertySchema(node, name)
    if (part === null && schema !== undefined && !schema.nullable && schema.default === undefined) {
      return undefined
    }
    return schema === undefined ? part : defaulted(schema, filled(schema, part))
  })
  const missing = Array.from(node?.properties ?? []).flatMap(([name, schema]) =>
    schema.default === undefined || Object.hasOwn(object, name)
      ? []
      : [[name, defaulted(schema, schema.default)] as const],
  )
  if (missing.length === 0) return changed
  return Object.fromEntries([...Object.entries(changed), ...missing])
}

function filled(schema: SchemaNode, value: Json): Json {
  return value === null && !schema.nullable && schema.default !== undefined ? schema.default : value
}
