import { MalformedMessage, type WireValue, wireFields } from './wire-reader.ts'

const UTF8 = new TextDecoder('utf-8', { ignoreBOM: true })

export function varintOf(value: WireValue, place: string): bigint {
  if (value.wireType === 0) return value.varint
  throw wrongWireType(value, place)
}

export function bytesOf(value: WireValue, place: string): Uint8Array {
  if (value.wireType === 2) return value.bytes
  throw wrongWireType(value, place)
}

export function textOf(value: WireValue, place: string): string {
  return UTF8.decode(bytesOf(value, place))
}

export function doubleOf(value: WireValue, place: string): number {
  if (value.wireType !== 1) throw wrongWireType(value, place)
  const { buffer, byteOffset, byteLength } = value.bytes
  const double = new DataView(buffer, byteOffset, byteLength).getFloat64(0, true)
  if (!Number.isFinite(double)) throw new MalformedMessage(place, `unsupported value ${double}`)
  return double
}

/** Beyond 2^53 the nearest number, as JSON would be read. */
export function int64Of(value: WireValue, place: string): number {
  return Number(BigInt.asIntN(64, varintOf(value, place)))
}

export function int32Of(value: WireValue, place: string): number {
  return Number(BigInt.asIntN(32, varintOf(value, place)))
}

/** The values of a message's fields by number, each the last that was written. */
export function lastValues(value: WireValue, place: string): ReadonlyMap<number, WireValue> {
  const values = new Map<number, WireValue>()
  for (const field of wireFields(bytesOf(value, place), place)) values.set(field.number, field.value)
  return values
}

function wrongWireType(value: WireValue, place: string): MalformedMessage {
  return new MalformedMessage(place, `wrong wireType = ${value.wireType}`)
}
