import { messageNamed } from './built-in-kinds.ts'
import type { Field, Message } from './message.ts'

/** A field of JSON and the embedded messages it came through, the outermost first. */
export interface JsonField {
  readonly field: Field
  readonly embeddedIn: readonly string[]
}

const jsonFieldsOf = new Map<Message, ReadonlyMap<string, JsonField>>()

/** The fields of a message's JSON by name, those of embedded messages among them. */
export function jsonFields(message: Message): ReadonlyMap<string, JsonField> {
  const before = jsonFieldsOf.get(message)
  if (before !== undefined) return before
  const fields = new Map<string, JsonField>()
  for (const field of message.ownFields.values()) {
    if (field.isEmbedded && 'message' in field.type) {
      for (const [name, inner] of jsonFields(messageNamed(field.type.message))) {
        fields.set(name, { field: inner.field, embeddedIn: [field.name, ...inner.embeddedIn] })
      }
    } else fields.set(field.name, { field, embeddedIn: [] })
  }
  jsonFieldsOf.set(message, fields)
  return fields
}
