/** The bytes are no message. Thrown by the cursor, caught by the decoder that made it. */
export class ProtoError extends Error {}

/** What is behind a field's number on the wire (protobuf.dev/programming-guides/encoding). */
export const VARINT = 0
export const FIXED64 = 1
export const BYTES = 2
const GROUP = 3
const END_GROUP = 4
export const FIXED32 = 5

const MOST_GROUPS = 32
const TWO_32 = 4_294_967_296

/**
 * Reads a protobuf message where it lies, field by field. A field is `number << 3 | wire type`, as `field()` gives it,
 * or 0 at the end. Whoever does not want it calls `skip`. Nothing is read beyond `end`, which a nested message
 * narrows for as long as it is read.
 */
export class ProtoCursor {
  readonly bytes: Uint8Array
  at: number
  end: number
  /** The halves of the last 64-bit value. */
  low = 0
  high = 0
  readonly #view: DataView

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
    this.at = 0
    this.end = bytes.length
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  field(): number {
    if (this.at >= this.end) return 0
    this.varint()
    if (this.high !== 0 || this.low < 8) throw new ProtoError('a field has no number')
    return this.low
  }

  /** Into `low` and `high`. */
  varint(): void {
    const { bytes, end } = this
    let at = this.at
    let byte = at < end ? (bytes[at++] ?? 0) : cutShort()
    let low = byte & 127
    let high = 0
    for (let shift = 7; byte > 127; shift += 7) {
      byte = at < end ? (bytes[at++] ?? 0) : cutShort()
      const bits = byte & 127
      if (shift < 28) low |= bits << shift
      else if (shift === 28) {
        low |= bits << 28
        high = bits >>> 4
      } else if (shift < 63) high |= bits << (shift - 32)
      else if (shift === 63 && byte < 2) high |= bits << 31
      else throw new ProtoError('a number is longer than 64 bits')
    }
    this.at = at
    this.low = low >>> 0
    this.high = high >>> 0
  }

  /** The low 32 bits of a number, as enumerations have them. */
  enumeration(): number {
    this.varint()
    return this.low
  }

  fixed64(): void {
    const at = this.#take(8)
    this.low = this.#view.getUint32(at, true)
    this.high = this.#view.getUint32(at + 4, true)
  }

  fixed32(): number {
    return this.#view.getUint32(this.#take(4), true)
  }

  double(): number {
    return this.#view.getFloat64(this.#take(8), true)
  }

  /** Where the bytes of the field end, which begin at `at`. */
  length(): number {
    this.varint()
    const length = this.high * TWO_32 + this.low
    if (length > this.end - this.at) cutShort()
    return this.at + length
  }

  /** The bytes of the field where they lie: the caller copies what it keeps (`slice` copies nothing of a Buffer). */
  span(): Uint8Array {
    const until = this.length()
    const bytes = this.bytes.subarray(this.at, until)
    this.at = until
    return bytes
  }

  /** Narrows to the message that begins here; `leave` with what it gives. */
  enter(): number {
    const outer = this.end
    this.end = this.length()
    return outer
  }

  leave(outer: number): void {
    this.at = this.end
    this.end = outer
  }

  skip(field: number, depth = 0): void {
    switch (field & 7) {
      case VARINT:
        this.varint()
        return
      case FIXED64:
        this.#take(8)
        return
      case BYTES:
        this.at = this.length()
        return
      case GROUP:
        this.#skipGroup(field, depth)
        return
      case FIXED32:
        this.#take(4)
        return
      default:
        throw new ProtoError(`a field has the unknown wire type ${field & 7}`)
    }
  }

  #skipGroup(field: number, depth: number): void {
    if (depth >= MOST_GROUPS) throw new ProtoError(`groups are nested deeper than ${MOST_GROUPS}`)
    const last = (field & ~7) | END_GROUP
    for (let inner = this.field(); inner !== last >>> 0; inner = this.field()) {
      if (inner === 0) cutShort()
      this.skip(inner, depth + 1)
    }
  }

  #take(bytes: number): number {
    const at = this.at
    if (this.end - at < bytes) cutShort()
    this.at = at + bytes
    return at
  }
}

function cutShort(): never {
  throw new ProtoError('a message is cut short')
}
