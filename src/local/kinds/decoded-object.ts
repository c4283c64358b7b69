import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts'
import { type KindName, messageNamed, messageOfKind } from './built-in-kinds.ts'
import { checkDepth } from './depth.ts'
import { jsonFields } from './json-fields.ts'
import type { Field, Message, Scalar } from './message.ts'

/**
 * The object as kube-apiserver has it after decoding: a null is no value in fields, and the zero of its type in
 * lists and maps. Values of wrong types stay (`typeProblem` finds them), as do objects of kinds that are not built
 * in and what fields of any JSON hold.
 */
export function withoutNulls(kind: KindName, object: JsonObject): JsonObject {
  return decoded(kind, object, { nulls: 'dropped', unknown: 'kept' })
}

/** The object without the fields that its built-in kind does not have, which kube-apiserver does not store. */
export function withoutUnknownFields(kind: KindName, object: JsonObject): JsonObject {
  return decoded(kind, object, { nulls: 'kept', unknown: 'dropped' })
}

interface Rules {
  readonly nulls: 'dropped' | 'kept'
  readonly unknown: 'dropped' | 'kept'
}

function decoded(kind: KindName, object: JsonObject, rules: Rules): JsonObject {
  const message = messageOfKind(kind)
  return message === undefined ? object : decodedMessage(message, object, { rules, depth: 0 })
}

interface Walk {
  readonly rules: Rules
  readonly depth: number
}

function decodedMessage(message: Message, object: JsonObject, walk: Walk): JsonObject {
  checkDepth(walk.depth)
  const { nulls, unknown } = walk.rules
  const fields = jsonFields(message)
  const entries: (readonly [string, Json])[] = []
  for (const [name, value] of Object.entries(object)) {
    const field = fields.get(name)?.field
    if (field === undefined ? unknown === 'dropped' : value === null && nulls === 'dropped') continue
    entries.push([name, field === undefined ? value : decodedField(field, value, walk)])
  }
  return Object.fromEntries(entries)
}

function decodedField(field: Field, value: Json, walk: Walk): Json {
  const item = (inner: Json): Json =>
    inner === null && walk.rules.nulls === 'dropped' ? zeroOf(field) : decodedItem(field, inner, walk)
  if (field.shape === 'one') return decodedItem(field, value, walk)
  if (field.shape === 'list') return Array.isArray(value) ? value.map(item) : value
  if (!isJsonObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, item(inner)]))
}

function decodedItem({ type }: Field, value: Json, walk: Walk): Json {
  if ('scalar' in type && !type.scalar.startsWith('JSONSchemaProps')) return value
  const message = messageNamed('message' in type ? type.message : 'apiextensions.JSONSchemaProps')
  const inner = (item: Json): Json =>
    isJsonObject(item) ? decodedMessage(message, item, { ...walk, depth: walk.depth + 1 }) : item
  // Where a schema may stand there may be a list of them; a list in the place of another message is wrong, and stays.
  return 'scalar' in type && Array.isArray(value) ? value.map(inner) : inner(value)
}

/** What a null is as an item: Go leaves the item as it makes it. */
function zeroOf({ type }: Field): Json {
  return 'message' in type ? {} : (ZEROS.get(type.scalar) ?? null)
}

const ZEROS: ReadonlyMap<Scalar, Json> = new Map<Scalar, Json>([
  ['string', ''],
  ['bytes', ''],
  ['bool', false],
  ['int32', 0],
  ['int64', 0],
  ['double', 0],
  ['Quantity', '0'],
  ['IntOrString', 0],
])
