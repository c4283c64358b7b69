import type { AttributeValue } from '../../model/attributes.ts'
import type { AttributeOwner, SpanSink } from '../../model/span-sink.ts'
import { SERVICE_NAME } from './otlp-names.ts'
import { type ProtoCursor, ProtoError } from './proto-cursor.ts'
import type { TextMemo } from './text-memo.ts'

/** Lists and maps inside of one another. */
export const MOST_NESTED = 32

/** What is read, and where its texts are remembered. */
export interface ProtoSource {
  readonly cursor: ProtoCursor
  readonly texts: TextMemo
}

/** `KeyValue` of common.proto. */
const KEY = 10
const VALUE = 18

/** A `KeyValue` that begins here becomes an attribute. `service`: the name that the resource was given already. */
export function pushAttribute(
  source: ProtoSource,
  owner: AttributeOwner,
  sink: SpanSink,
  service: string = '',
): void {
  const { cursor } = source
  const outer = cursor.enter()
  let key = ''
  let value: AttributeValue = ''
  for (let field = cursor.field(); field !== 0; field = cursor.field()) {
    if (field === KEY) key = readText(source)
    else if (field === VALUE) value = readValue(source, 0)
    else cursor.skip(field)
  }
  cursor.leave(outer)
  if (service === '' || key !== SERVICE_NAME || value !== service) sink.attribute(owner, key, value)
}

export function readText({ cursor, texts }: ProtoSource): string {
  const until = cursor.length()
  const text = texts.read(cursor.bytes, cursor.at, until)
  cursor.at = until
  return text
}

/** An `AnyValue` that begins here. One that says nothing is an empty text, as in Jaeger; of several the last counts. */
export function readValue(source: ProtoSource, depth: number): AttributeValue {
  const { cursor } = source
  const outer = cursor.enter()
  let value: AttributeValue = ''
  for (let field = cursor.field(); field !== 0; field = cursor.field()) {
    switch (field) {
      case 10:
        value = readText(source)
        break
      case 16:
        cursor.varint()
        value = cursor.low !== 0 || cursor.high !== 0
        break
      case 24:
        cursor.varint()
        value = integer(cursor.high, cursor.low)
        break
      case 33:
        value = cursor.double()
        break
      case 42:
        value = readList(source, nested(depth))
        break
      case 50:
        value = readMap(source, nested(depth))
        break
      case 58:
        value = new Uint8Array(cursor.span())
        break
      default:
        cursor.skip(field)
    }
  }
  cursor.leave(outer)
  return value
}

function readList(source: ProtoSource, depth: number): readonly AttributeValue[] {
  const { cursor } = source
  const outer = cursor.enter()
  const values: AttributeValue[] = []
  for (let field = cursor.field(); field !== 0; field = cursor.field()) {
    if (field === 10) values.push(readValue(source, depth))
    else cursor.skip(field)
  }
  cursor.leave(outer)
  return values
}

function readMap(source: ProtoSource, depth: number): ReadonlyMap<string, AttributeValue> {
  const { cursor } = source
  const outer = cursor.enter()
  const values = new Map<string, AttributeValue>()
  for (let field = cursor.field(); field !== 0; field = cursor.field()) {
    if (field === 10) readMember(source, depth, values)
    else cursor.skip(field)
  }
  cursor.leave(outer)
  return values
}

function readMember(source: ProtoSource, depth: number, into: Map<string, AttributeValue>): void {
  const { cursor } = source
  const outer = cursor.enter()
  let key = ''
  let value: AttributeValue = ''
  for (let field = cursor.field(); field !== 0; field = cursor.field()) {
    if (field === KEY) key = readText(source)
    else if (field === VALUE) value = readValue(source, depth)
    else cursor.skip(field)
  }
  cursor.leave(outer)
  into.set(key, value)
}

function nested(depth: number): number {
  if (depth >= MOST_NESTED) throw new ProtoError(`a value is nested deeper than ${MOST_NESTED}`)
  return depth + 1
}

/** Status codes, sizes and ports: made once. */
const SMALL: readonly bigint[] = Array.from({ length: 1024 }, (_, value) => BigInt(value))
const EXACT_HIGH = 0x20_0000

function integer(high: number, low: number): bigint {
  if (high === 0) return SMALL[low] ?? BigInt(low)
  if (high < EXACT_HIGH) return BigInt(high * 4_294_967_296 + low)
  return BigInt.asIntN(64, (BigInt(high) << 32n) | BigInt(low))
}
