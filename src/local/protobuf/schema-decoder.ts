import type { Json } from '../../model/json.ts'
import type { Scalar } from '../kinds/message.ts'
import { type WireField, type WireValue, wireFields } from './wire-reader.ts'
import { bytesOf, textOf, varintOf } from './wire-values.ts'

/** Places in a JSON schema where a schema or something else may stand. In protobuf each is a message of both. */
export type SchemaScalar = Extract<Scalar, `JSONSchemaProps${string}`>

export interface SchemaPlace {
  readonly path: string
  /** Of a message `JSONSchemaProps`. */
  readonly decodeSchema: (value: WireValue) => Json
}

/** Undefined where there is neither. */
export function decodeSchemaOr(scalar: SchemaScalar, value: WireValue, place: SchemaPlace): Json | undefined {
  const fields = [...wireFields(bytesOf(value, place.path), place.path)]
  return DECODERS[scalar](fields, place)
}

type Decoder = (fields: readonly WireField[], place: SchemaPlace) => Json | undefined

const DECODERS: Readonly<Record<SchemaScalar, Decoder>> = {
  JSONSchemaPropsOrArray(fields, { decodeSchema }) {
    const schemas = numbered(fields, 2)
    return schemas.length > 0 ? schemas.map(decodeSchema) : optional(numbered(fields, 1), decodeSchema)
  },
  JSONSchemaPropsOrBool(fields, { path, decodeSchema }) {
    const schema = optional(numbered(fields, 2), decodeSchema)
    return schema ?? optional(numbered(fields, 1), value => varintOf(value, path) !== 0n) ?? false
  },
  JSONSchemaPropsOrStringArray(fields, { path, decodeSchema }) {
    const names = numbered(fields, 2).map(value => textOf(value, path))
    return names.length > 0 ? names : optional(numbered(fields, 1), decodeSchema)
  },
}

function numbered(fields: readonly WireField[], number: number): readonly WireValue[] {
  return fields.filter(field => field.number === number).map(field => field.value)
}

function optional(values: readonly WireValue[], decode: (value: WireValue) => Json): Json | undefined {
  const last = values.at(-1)
  return last === undefined ? undefined : decode(last)
}
