import type { SpanId, TraceId } from '../../model/ids.ts'
import type { ProtoCursor } from './proto-cursor.ts'

const DIGITS: readonly number[] = [...'0123456789abcdef'].map(digit => digit.charCodeAt(0))

/**
 * Ids from their bytes. An id that is the same as the one before is the same text: spans of one trace come one after
 * the other. Each gives undefined where the bytes are no id: too few, too many, or all zero.
 */
export class ProtoIds {
  /** The bytes of what was read last. */
  size = 0
  readonly #traceBytes = new Uint8Array(16)
  #trace: TraceId | undefined

  trace(cursor: ProtoCursor): TraceId | undefined {
    const until = cursor.length()
    const { bytes, at } = cursor
    cursor.at = until
    this.size = until - at
    if (this.size !== 16) return undefined
    if (this.#trace !== undefined && isSame(this.#traceBytes, bytes, at)) return this.#trace
    if (isZero(bytes, at, until)) return undefined
    for (let byte = 0; byte < 16; byte++) this.#traceBytes[byte] = bytes[at + byte] ?? 0
    this.#trace = (half(bytes, at) + half(bytes, at + 8)) as TraceId
    return this.#trace
  }

  span(cursor: ProtoCursor): SpanId | undefined {
    const until = cursor.length()
    const { bytes, at } = cursor
    cursor.at = until
    this.size = until - at
    if (this.size !== 8 || isZero(bytes, at, until)) return undefined
    return half(bytes, at) as SpanId
  }
}

function isSame(id: Uint8Array, bytes: Uint8Array, from: number): boolean {
  for (let at = 0; at < 16; at++) if (id[at] !== bytes[from + at]) return false
  return true
}

function isZero(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (bytes[at] !== 0) return false
  return true
}

const codes: number[] = new Array<number>(16).fill(0)

/** Eight bytes as sixteen digits. */
function half(bytes: Uint8Array, from: number): string {
  for (let at = 0; at < 8; at++) {
    const byte = bytes[from + at] ?? 0
    codes[2 * at] = DIGITS[byte >> 4] ?? 0
    codes[2 * at + 1] = DIGITS[byte & 15] ?? 0
  }
  return String.fromCharCode(...codes)
}
