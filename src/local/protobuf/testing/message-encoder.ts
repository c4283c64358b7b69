import { Buffer } from 'node:buffer'
import { isJsonObject, type Json, type JsonObject } from '../../../model/json.ts'
import { messageNamed, messageOfKind } from '../../kinds/built-in-kinds.ts'
import type { Field, Message, Scalar } from '../../kinds/message.ts'

type Bytes = readonly number[]

/** The body that a Go client would send for an object of a built-in kind. For tests: no bounds, no checks. */
export function encodeKubeProtobuf(object: JsonObject): Uint8Array {
  const { apiVersion, kind } = object
  const message = messageOfKind({ apiVersion: String(apiVersion), kind: String(kind) })
  if (message === undefined) throw new Error(`no message of ${String(kind)}`)
  return unknownObject({
    apiVersion: String(apiVersion),
    kind: String(kind),
    raw: encodeMessage(message, object),
  })
}

export function unknownObject(envelope: {
  readonly apiVersion: string
  readonly kind: string
  readonly raw: Bytes
  readonly contentType?: string
}): Uint8Array {
  const type = [...textField(1, envelope.apiVersion), ...textField(2, envelope.kind)]
  const rest = [...textField(3, ''), ...textField(4, envelope.contentType ?? '')]
  return Uint8Array.from([0x6b, 0x38, 0x73, 0, ...chunk(1, type), ...chunk(2, envelope.raw), ...rest])
}

export function varint(value: bigint | number): Bytes {
  const bytes: number[] = []
  let rest = BigInt.asUintN(64, BigInt(value))
  for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80)
  return [...bytes, Number(rest)]
}

export function chunk(number: number, bytes: Bytes): Bytes {
  return [...varint(number * 8 + 2), ...varint(bytes.length), ...bytes]
}

export function textField(number: number, text: string): Bytes {
  return chunk(number, [...Buffer.from(text)])
}

export function encodeMessage(message: Message, object: JsonObject): Bytes {
  return [...message.wireFields.values()].flatMap(field => {
    if (field.isEmbedded) return encodeItem(field, object)
    const value = Object.hasOwn(object, field.name) ? object[field.name] : undefined
    return value === undefined ? [] : encodeField(field, value)
  })
}

function encodeField(field: Field, value: Json): Bytes {
  if (field.shape === 'one') return encodeItem(field, value)
  if (Array.isArray(value)) return value.flatMap(item => encodeItem(field, item))
  return Object.entries(isJsonObject(value) ? value : {}).flatMap(([key, item]) =>
    chunk(field.number, [...textField(1, key), ...encodeItem({ ...field, number: 2 }, item)]),
  )
}

function encodeItem({ number, type }: Field, value: Json): Bytes {
  if ('message' in type) {
    return chunk(number, encodeMessage(messageNamed(type.message), isJsonObject(value) ? value : {}))
  }
  return ENCODERS[type.scalar](number, value)
}

type Encoder = (number: number, value: Json) => Bytes

const integer: Encoder = (number, value) => [...varint(number * 8), ...varint(Number(value))]
const text: Encoder = (number, value) => textField(number, String(value))
const raw: Encoder = (number, value) => chunk(number, textField(1, JSON.stringify(value)))

const time: Encoder = (number, value) => {
  const [seconds = '', fraction = ''] = String(value).replace(/Z$/, '').split('.')
  const nanos = Number(fraction.padEnd(9, '0'))
  const date = Date.parse(`${seconds}Z`) / 1000
  return chunk(number, [...integer(1, date), ...integer(2, nanos)])
}

const schema = (number: number, value: Json): Bytes =>
  chunk(
    number,
    encodeMessage(messageNamed('apiextensions.JSONSchemaProps'), isJsonObject(value) ? value : {}),
  )

const ENCODERS: Readonly<Record<Scalar, Encoder>> = {
  string: text,
  bool: (number, value) => integer(number, value === true ? 1 : 0),
  int32: integer,
  int64: integer,
  double(number, value) {
    const view = new DataView(new ArrayBuffer(8))
    view.setFloat64(0, Number(value), true)
    return [...varint(number * 8 + 1), ...new Uint8Array(view.buffer)]
  },
  bytes: (number, value) => chunk(number, [...Buffer.from(String(value), 'base64')]),
  Time: time,
  MicroTime: time,
  Quantity: (number, value) => chunk(number, textField(1, String(value))),
  IntOrString: (number, value) =>
    chunk(
      number,
      typeof value === 'string'
        ? [...integer(1, 1), ...integer(2, 0), ...text(3, value)]
        : [...integer(1, 0), ...integer(2, value), ...text(3, '')],
    ),
  RawExtension: raw,
  FieldsV1: raw,
  JSON: raw,
  StringList: (number, value) =>
    chunk(number, Array.isArray(value) ? value.flatMap(item => text(1, item)) : []),
  JSONSchemaPropsOrArray: (number, value) =>
    chunk(number, Array.isArray(value) ? value.flatMap(item => schema(2, item)) : schema(1, value)),
  JSONSchemaPropsOrBool: (number, value) =>
    chunk(
      number,
      typeof value === 'boolean' ? integer(1, value ? 1 : 0) : [...integer(1, 1), ...schema(2, value)],
    ),
  JSONSchemaPropsOrStringArray: (number, value) =>
    chunk(number, Array.isArray(value) ? value.flatMap(item => text(2, item)) : schema(1, value)),
}
