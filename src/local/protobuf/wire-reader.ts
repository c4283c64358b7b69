/** Bytes that are no protobuf, or not the message they should be. `place` is a path of JSON: `spec.template`. */
export class MalformedMessage extends Error {
  constructor(place: string, problem: string) {
    super(`proto: ${place === '' ? '' : `${place}: `}${problem}`)
    this.name = 'MalformedMessage'
  }
}

/** What stands behind a field's number (protobuf.dev/programming-guides/encoding). */
export type WireValue =
  | { readonly wireType: 0; readonly varint: bigint }
  | { readonly wireType: 1 | 2 | 5; readonly bytes: Uint8Array }

export interface WireField {
  readonly number: number
  readonly value: WireValue
}

const LARGEST_NUMBER = 2 ** 29 - 1
const FIXED_LENGTHS: Readonly<Record<1 | 5, number>> = { 1: 8, 5: 4 }

/** The fields of one message in their order. Values are views of the bytes. */
export function* wireFields(bytes: Uint8Array, place: string): Iterable<WireField> {
  const reader = new WireReader(bytes, place)
  while (!reader.isAtEnd) {
    const tag = Number(reader.varint())
    const wireType = tag % 8
    const number = Math.floor(tag / 8)
    if (number < 1 || number > LARGEST_NUMBER) throw new MalformedMessage(place, `illegal tag ${tag}`)
    yield { number, value: reader.value(wireType) }
  }
}

/** Varints one behind the other, as lists of numbers may be written. */
export function* packedVarints(bytes: Uint8Array, place: string): Iterable<WireValue> {
  const reader = new WireReader(bytes, place)
  while (!reader.isAtEnd) yield { wireType: 0, varint: reader.varint() }
}

class WireReader {
  readonly #bytes: Uint8Array
  readonly #place: string
  #position = 0

  constructor(bytes: Uint8Array, place: string) {
    this.#bytes = bytes
    this.#place = place
  }

  get isAtEnd(): boolean {
    return this.#position >= this.#bytes.length
  }

  value(wireType: number): WireValue {
    if (wireType === 0) return { wireType, varint: this.varint() }
    if (wireType === 1 || wireType === 5) return { wireType, bytes: this.#take(FIXED_LENGTHS[wireType]) }
    if (wireType === 2) return { wireType, bytes: this.#take(Number(this.varint())) }
    throw new MalformedMessage(this.#place, `illegal wireType ${wireType}`)
  }

  /** 64 bits, unsigned. */
  varint(): bigint {
    const first = this.#byte()
    if (first < 0x80) return BigInt(first)
    let value = BigInt(first & 0x7f)
    for (let shift = 7n; shift < 70n; shift += 7n) {
      const byte = this.#byte()
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return BigInt.asUintN(64, value)
    }
    throw new MalformedMessage(this.#place, 'integer overflow')
  }

  #byte(): number {
    const byte = this.#bytes[this.#position]
    if (byte === undefined) throw new MalformedMessage(this.#place, 'unexpected EOF')
    this.#position += 1
    return byte
  }

  #take(length: number): Uint8Array {
    const end = this.#position + length
    if (end > this.#bytes.length) throw new MalformedMessage(this.#place, 'unexpected EOF')
    const taken = this.#bytes.subarray(this.#position, end)
    this.#position = end
    return taken
  }
}
