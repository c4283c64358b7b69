import type { Json, JsonObject } from '../../model/json.ts'
import { messageNamed } from '../kinds/built-in-kinds.ts'
import type { Field, Message, Scalar } from '../kinds/message.ts'
import { decodeScalar } from './scalar-decoder.ts'
import { decodeSchemaOr, type SchemaScalar } from './schema-decoder.ts'
import { MalformedMessage, packedVarints, type WireValue, wireFields } from './wire-reader.ts'
import { bytesOf, lastValues, textOf } from './wire-values.ts'

/** Messages of a real object nest about 20 deep; schemas in a CustomResourceDefinition nest further. */
const DEEPEST = 200

export interface Place {
  /** In JSON: `spec.containers[0]` */
  readonly path: string
  readonly depth: number
}

/** The JSON object of a message. Fields that are not in the table are skipped, as newer clients may send them. */
export function decodeMessage(message: Message, bytes: Uint8Array, place: Place): JsonObject {
  if (place.depth > DEEPEST) throw new MalformedMessage(place.path, 'nested too deep')
  const values = new Map<Field, WireValue[]>()
  for (const { number, value } of wireFields(bytes, place.path)) {
    const field = message.wireFields.get(number)
    if (field === undefined) continue
    const before = values.get(field)
    if (before === undefined) values.set(field, [value])
    else before.push(value)
  }
  return Object.fromEntries([...values].flatMap(([field, list]) => decodeField(field, list, place)))
}

type Entries = readonly (readonly [name: string, value: Json])[]

function decodeField(field: Field, values: readonly WireValue[], place: Place): Entries {
  if (field.isEmbedded) return Object.entries(decodeEmbedded(field, values, place))
  const path = place.path === '' ? field.name : `${place.path}.${field.name}`
  const inner = { path, depth: place.depth + 1 }
  const value = SHAPES[field.shape](field, values, inner)
  return value === undefined ? [] : [[field.name, value]]
}

function decodeEmbedded(field: Field, values: readonly WireValue[], place: Place): JsonObject {
  const value = decodeItem(field, merged(field, values, place.path), { ...place, depth: place.depth + 1 })
  // An embedded field is a message, and that is an object always.
  return value as JsonObject
}

type Shape = (field: Field, values: readonly WireValue[], place: Place) => Json | undefined

const SHAPES: Readonly<Record<Field['shape'], Shape>> = {
  one(field, values, place) {
    const value = decodeItem(field, merged(field, values, place.path), place)
    return !field.keepsZero && isZero(field, value) ? undefined : value
  },
  list: (field, values, place) =>
    values
      .flatMap(value => unpacked(field, value, place.path))
      .map((value, index) => {
        const path = `${place.path}[${index}]`
        return decodeItem(field, value, { ...place, path }) ?? null
      }),
  map: (field, values, place) =>
    Object.fromEntries(
      values.map(value => {
        const entry = lastValues(value, place.path)
        const key = entry.get(1)
        const name = key === undefined ? '' : textOf(key, place.path)
        const inner = { ...place, path: `${place.path}.${name}` }
        return [name, decodeItem(field, entry.get(2) ?? EMPTY, inner) ?? null]
      }),
    ),
}

/** What a map's entry holds when it has a key only: all types in maps are written as bytes. */
const EMPTY: WireValue = { wireType: 2, bytes: new Uint8Array(0) }

const NUMBERS: ReadonlySet<string> = new Set(['bool', 'int32', 'int64'])

function unpacked(field: Field, value: WireValue, place: string): readonly WireValue[] {
  const isNumber = 'scalar' in field.type && NUMBERS.has(field.type.scalar)
  return isNumber && value.wireType === 2 ? [...packedVarints(value.bytes, place)] : [value]
}

/** Of a value that is there twice the last counts; messages are merged, which is what their bytes in a row are. */
function merged(field: Field, values: readonly WireValue[], place: string): WireValue {
  const [first = EMPTY, ...others] = values
  if (others.length === 0) return first
  if (!('message' in field.type)) return others.at(-1) ?? first
  const parts = values.map(value => bytesOf(value, place))
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let position = 0
  for (const part of parts) {
    bytes.set(part, position)
    position += part.length
  }
  return { wireType: 2, bytes }
}

const ZERO_TYPES: ReadonlySet<string> = new Set([...NUMBERS, 'string', 'double', 'bytes', 'IntOrString'])

function isZero(field: Field, value: Json | undefined): boolean {
  if (!('scalar' in field.type) || !ZERO_TYPES.has(field.type.scalar)) return false
  return value === '' || value === 0 || value === false
}

function decodeItem({ type }: Field, value: WireValue, place: Place): Json | undefined {
  const { path, depth } = place
  if ('message' in type) return decodeMessage(messageNamed(type.message), bytesOf(value, path), place)
  const { scalar } = type
  if (!isSchemaScalar(scalar)) return decodeScalar(scalar, value, path)
  return decodeSchemaOr(scalar, value, {
    path,
    decodeSchema: schema =>
      decodeMessage(messageNamed(SCHEMA), bytesOf(schema, path), { path, depth: depth + 1 }),
  })
}

const SCHEMA = 'apiextensions.JSONSchemaProps'

function isSchemaScalar(scalar: Scalar): scalar is SchemaScalar {
  return scalar.startsWith('JSONSchemaProps')
}
