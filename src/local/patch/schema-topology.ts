import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts'
import { type ListKey, type ListTopology, PLAIN } from './list-topology.ts'
import { METADATA } from './topology-parts.ts'

/**
 * What a schema of a CustomResourceDefinition (`openAPIV3Schema`, structural) says of lists and maps, by
 * `x-kubernetes-list-type`, `x-kubernetes-list-map-keys` and `x-kubernetes-map-type`. The result may be kept as
 * long as the schema.
 */
export function schemaTopology(openAPIV3Schema: JsonObject): ListTopology {
  const { fields, ...root } = placeOf(openAPIV3Schema, false)
  return { ...root, fields: { ...fields, ...OBJECT_FIELDS } }
}

/** Members that no schema need declare. */
const OBJECT_FIELDS: Readonly<Record<string, ListTopology>> = {
  apiVersion: PLAIN,
  kind: PLAIN,
  metadata: METADATA,
}

/** What no schema describes: every object is a map, every list is one value. */
const FREE: ListTopology = {
  get each() {
    return FREE
  },
}

function placeOf(schema: Json | undefined, preserved: boolean): ListTopology {
  if (!isJsonObject(schema)) return FREE
  const { type } = schema
  const keeps = preserved || schema['x-kubernetes-preserve-unknown-fields'] === true
  if (type === 'array') return listOf(schema, keeps)
  if (type === 'object' || type === undefined) return objectOf(schema, keeps)
  return PLAIN
}

function listOf(schema: JsonObject, preserved: boolean): ListTopology {
  const each = placeOf(schema['items'], preserved)
  const list = listKindOf(schema)
  return list === undefined ? { each } : { each, list }
}

function listKindOf(schema: JsonObject): ListTopology['list'] {
  const type = schema['x-kubernetes-list-type']
  if (type === 'set') return 'set'
  const names = schema['x-kubernetes-list-map-keys']
  if (type !== 'map' || !Array.isArray(names)) return undefined
  const properties = isJsonObject(schema['items']) ? schema['items']['properties'] : undefined
  return names.map(name => keyOf(String(name), properties))
}

function keyOf(name: string, properties: Json | undefined): ListKey {
  const property = isJsonObject(properties) && Object.hasOwn(properties, name) ? properties[name] : undefined
  const fallback = isJsonObject(property) ? property['default'] : undefined
  return fallback === undefined ? { name } : { name, default: fallback }
}

function objectOf(schema: JsonObject, preserved: boolean): ListTopology {
  const properties = isJsonObject(schema['properties']) ? Object.entries(schema['properties']) : []
  const declared = properties.map(([name, property]) => [name, placeOf(property, preserved)] as const)
  const embedded = schema['x-kubernetes-embedded-resource'] === true ? OBJECT_FIELDS : {}
  const fields = { ...Object.fromEntries(declared), ...embedded }
  const each = entriesOf(schema, preserved)
  return {
    fields,
    ...(each !== undefined && { each }),
    ...(schema['x-kubernetes-map-type'] === 'atomic' && { atomic: true }),
  }
}

/** How members that are not declared look; undefined when there are none. */
function entriesOf(schema: JsonObject, preserved: boolean): ListTopology | undefined {
  const additional = schema['additionalProperties']
  if (isJsonObject(additional)) return placeOf(additional, preserved)
  const open = additional ?? (preserved || !isJsonObject(schema['properties']))
  return open === true ? FREE : undefined
}
