import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts'
import { isList } from './go-text.ts'
import { mappedList, mappedObject } from './json-mapping.ts'
import type { SchemaNode } from './schema-node.ts'

export interface Pruned<T extends Json> {
  readonly object: T
  /** Places of the fields that were removed, in order: `spec.sidecar.logLevle`. */
  readonly unknown: readonly string[]
}

/**
 * Removes the fields that a schema does not name
 * (kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#field-pruning).
 * `apiVersion`, `kind` and `metadata` stay, with all they hold, in the object itself and in embedded ones.
 */
export function pruned(node: SchemaNode, object: JsonObject): Pruned<JsonObject> {
  const unknown: string[] = []
  // An object stays one: only its parts are left out.
  const kept = pruneObject({ ...node, embeddedResource: true }, object, { place: '', unknown })
  return { object: kept, unknown: unknown.sort() }
}

/** As `pruned`, for a value that is no object of its own, as a default is. */
export function prunedValue(node: SchemaNode, value: Json): Json {
  return prune(node, value, { place: '', unknown: [] })
}

interface Walk {
  readonly place: string
  readonly unknown: string[]
}

const META_FIELDS: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata'])

/** Without a schema nothing is known of what is inside: scalars stay, fields do not. */
function prune(node: SchemaNode | undefined, value: Json, walk: Walk): Json {
  if (isList(value)) {
    return mappedList(value, (item, at) => pruneItem(node, item, inside(walk, `[${at}]`)))
  }
  return isJsonObject(value) ? pruneObject(node, value, walk) : value
}

/** What is preserved is so in items of items too, down to the next object whose schema is known. */
function pruneItem(list: SchemaNode | undefined, item: Json, walk: Walk): Json {
  if (list?.preserveUnknownFields !== true) return prune(list?.items, item, walk)
  if (list.items === undefined) return item
  return prune({ ...list.items, preserveUnknownFields: true }, item, walk)
}

function pruneObject(node: SchemaNode | undefined, object: JsonObject, walk: Walk): JsonObject {
  return mappedObject(object, (name, value) => {
    if (node?.embeddedResource === true && META_FIELDS.has(name)) return value
    const at = inside(walk, walk.place === '' ? name : `.${name}`)
    const schema = node?.properties.get(name)
    if (schema !== undefined) return prune(schema, value, at)
    if (isOpen(node)) {
      const additional = node?.additionalProperties
      return prune(typeof additional === 'object' ? additional : undefined, value, at)
    }
    if (node?.preserveUnknownFields === true) return value
    if (!META_FIELDS.has(name) || walk.place !== '') walk.unknown.push(at.place)
    return undefined
  })
}

function isOpen(node: SchemaNode | undefined): boolean {
  return node?.additionalProperties !== undefined
}

function inside(walk: Walk, step: string): Walk {
  return { place: `${walk.place}${step}`, unknown: walk.unknown }
}
