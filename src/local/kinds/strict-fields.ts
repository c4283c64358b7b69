import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts'
import { type KindName, messageNamed, messageOfKind } from './built-in-kinds.ts'
import { checkDepth } from './depth.ts'
import { jsonFields } from './json-fields.ts'
import type { Field, Message } from './message.ts'

/** kube-apiserver tells no more than these of one object. */
const MOST_FIELDS = 100

/**
 * The fields that a built-in kind does not have, as kube-apiserver names them when it decodes strictly:
 * `spec.template.spec.containers[0].imagee`. At most 100; empty for kinds that are not built in.
 */
export function unknownFields(kind: KindName, object: JsonObject): readonly string[] {
  const message = messageOfKind(kind)
  if (message === undefined) return []
  const found = new Set<string>()
  collectUnknown({ message, value: object, path: '', depth: 0 }, found)
  return [...found]
}

interface Place {
  readonly message: Message
  readonly value: Json
  readonly path: string
  readonly depth: number
}

function collectUnknown({ message, value, path, depth }: Place, found: Set<string>): void {
  if (!isJsonObject(value)) return
  checkDepth(depth)
  const fields = jsonFields(message)
  for (const [name, inner] of Object.entries(value)) {
    if (found.size >= MOST_FIELDS) return
    const field = fields.get(name)?.field
    const place = path === '' ? name : `${path}.${name}`
    if (field === undefined) found.add(place)
    else
      for (const part of messagesIn(field, inner, place)) collectUnknown({ ...part, depth: depth + 1 }, found)
  }
}

/** The messages that a field's value holds, each with its place. */
function* messagesIn(field: Field, value: Json, path: string): Iterable<Omit<Place, 'depth'>> {
  if (!('message' in field.type)) return
  const message = messageNamed(field.type.message)
  if (field.shape === 'one') yield { message, value, path }
  else if (field.shape === 'list' && Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield { message, value: item, path: `${path}[${index}]` }
  } else if (field.shape === 'map' && isJsonObject(value)) {
    for (const [key, item] of Object.entries(value)) yield { message, value: item, path: `${path}.${key}` }
  }
}
