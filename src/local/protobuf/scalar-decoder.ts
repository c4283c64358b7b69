import { Buffer } from 'node:buffer'
import type { Json } from '../../model/json.ts'
import type { Scalar } from '../kinds/message.ts'
import { MalformedMessage, type WireValue, wireFields } from './wire-reader.ts'
import { bytesOf, doubleOf, int32Of, int64Of, lastValues, textOf, varintOf } from './wire-values.ts'

/** Those that hold no schemas: a schema is a message with fields. */
export type PlainScalar = Exclude<Scalar, `JSONSchemaProps${string}`>

/** The JSON of a value; undefined where Go would write `null`, which is no value. */
export function decodeScalar(scalar: PlainScalar, value: WireValue, place: string): Json | undefined {
  return DECODERS[scalar](value, place)
}

type Decoder = (value: WireValue, place: string) => Json | undefined

const DECODERS: Readonly<Record<PlainScalar, Decoder>> = {
  string: textOf,
  bool: (value, place) => varintOf(value, place) !== 0n,
  int32: int32Of,
  int64: int64Of,
  double: doubleOf,
  bytes: (value, place) => Buffer.from(bytesOf(value, place)).toString('base64'),
  Time: (value, place) => timeOf(value, place)?.replace(/\.\d+Z$/, 'Z'),
  MicroTime: timeOf,
  Quantity: quantityOf,
  IntOrString: intOrStringOf,
  RawExtension: rawJsonOf,
  FieldsV1: rawJsonOf,
  JSON: rawJsonOf,
  StringList: (value, place) =>
    [...wireFields(bytesOf(value, place), place)]
      .filter(({ number }) => number === 1)
      .map(({ value: item }) => textOf(item, place)),
}

/** Go writes its zero time as an empty message; seconds of 0 are 1970. */
function timeOf(value: WireValue, place: string): string | undefined {
  const fields = lastValues(value, place)
  if (fields.size === 0) return undefined
  const [seconds, nanos] = [fields.get(1), fields.get(2)]
  const date = new Date((seconds === undefined ? 0 : int64Of(seconds, place)) * 1000)
  const year = date.getUTCFullYear()
  if (!(year >= 0 && year <= 9999)) throw new MalformedMessage(place, 'year outside of range [0,9999]')
  const micros = Math.trunc((nanos === undefined ? 0 : int32Of(nanos, place)) / 1000)
  if (micros < 0 || micros > 999_999) throw new MalformedMessage(place, 'nanos outside of a second')
  return date.toISOString().replace(/\.\d+Z$/, `.${String(micros).padStart(6, '0')}Z`)
}

function quantityOf(value: WireValue, place: string): string {
  const text = lastValues(value, place).get(1)
  return text === undefined ? '0' : textOf(text, place) || '0'
}

function intOrStringOf(value: WireValue, place: string): number | string {
  const fields = lastValues(value, place)
  const [type, int, text] = [fields.get(1), fields.get(2), fields.get(3)]
  const isText = type !== undefined && varintOf(type, place) === 1n
  if (isText) return text === undefined ? '' : textOf(text, place)
  return int === undefined ? 0 : int32Of(int, place)
}

/** The JSON text that a message holds as its only field. */
function rawJsonOf(value: WireValue, place: string): Json | undefined {
  const raw = lastValues(value, place).get(1)
  const text = raw === undefined ? '' : textOf(raw, place)
  if (text === '') return undefined
  try {
    const json: Json = JSON.parse(text)
    return json
  } catch (cause) {
    throw new MalformedMessage(place, `no JSON: ${cause instanceof Error ? cause.message : String(cause)}`)
  }
}
