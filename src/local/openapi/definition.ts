import type { Json, JsonObject } from '../../model/json.ts'
import { messageNamed } from '../kinds/built-in-kinds.ts'
import { jsonFields } from '../kinds/json-fields.ts'
import type { Field, Message } from '../kinds/message.ts'
import { fieldDescription, messageDescription } from './descriptions.ts'
import { definitionOfScalar, scalarSchema } from './scalar-schema.ts'

/** One schema of a document, and the definitions it refers to. */
export interface Definition {
  readonly schema: JsonObject
  readonly messages: readonly string[]
  readonly scalars: readonly string[]
}

export const SCHEMAS = '#/components/schemas/'

/** @param kinds for `x-kubernetes-group-version-kind`; empty for messages that are no kinds */
export function messageDefinition(message: Message, kinds: readonly JsonObject[]): Definition {
  const fields = [...jsonFields(message).values()].map(({ field }) => field)
  const required = fields.filter(({ isRequired }) => isRequired).map(({ name }) => name)
  const description = messageDescription(message.goName)
  const types = fields.map(({ type }) => type)
  return {
    schema: {
      ...(description === undefined ? {} : { description }),
      type: 'object',
      ...(fields.length === 0 ? {} : { properties: properties(message, fields) }),
      ...(required.length === 0 ? {} : { required }),
      ...(message.isAtomic ? { 'x-kubernetes-map-type': 'atomic' } : {}),
      ...(kinds.length === 0 ? {} : { 'x-kubernetes-group-version-kind': kinds }),
    },
    messages: types.flatMap(type => ('message' in type ? [type.message] : [])),
    scalars: types.flatMap(type => ('scalar' in type ? (definitionOfScalar(type.scalar) ?? []) : [])),
  }
}

function properties(message: Message, fields: readonly Field[]): JsonObject {
  return Object.fromEntries(fields.map(field => [field.name, fieldSchema(message, field)]))
}

function fieldSchema(message: Message, field: Field): JsonObject {
  const description = fieldDescription(message.goName, field.name, message.ownFields)
  return {
    ...(description === undefined ? {} : { description }),
    ...(field.default === undefined ? {} : { default: field.default }),
    ...shapedSchema(field),
    ...listRules(field),
    ...patchRules(field),
  }
}

function shapedSchema(field: Field): JsonObject {
  const item = itemSchema(field)
  if (field.shape === 'list') return { type: 'array', items: item }
  return field.shape === 'map' ? { type: 'object', additionalProperties: item } : item
}

/** References stand in `allOf`, so that a description may stand beside them. */
function itemSchema({ type }: Field): JsonObject {
  if ('message' in type) return reference(messageNamed(type.message).definition)
  const definition = definitionOfScalar(type.scalar)
  return definition === undefined ? scalarSchema(type.scalar) : reference(definition)
}

export function reference(definition: string): JsonObject {
  return { allOf: [{ $ref: `${SCHEMAS}${definition}` }] }
}

function listRules(field: Field): JsonObject {
  if (field.isAtomic) return { 'x-kubernetes-map-type': 'atomic' }
  if (field.shape !== 'list') return {}
  if (field.isSet) return { 'x-kubernetes-list-type': 'set' }
  if (field.listKeys.length === 0) return { 'x-kubernetes-list-type': 'atomic' }
  return { 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': field.listKeys }
}

/** kubectl computes its strategic merge patches with these. */
function patchRules({ patch }: Field): JsonObject {
  const rules: (readonly [string, Json])[] = []
  if (patch.key !== undefined) rules.push(['x-kubernetes-patch-merge-key', patch.key])
  if (patch.strategies.length > 0) rules.push(['x-kubernetes-patch-strategy', patch.strategies.join(',')])
  return Object.fromEntries(rules)
}
