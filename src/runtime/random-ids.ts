import { randomFillSync } from 'node:crypto'
import type { SpanId, TraceId } from '../model/ids.ts'

/** Makes ids; passed in, so that tests hold still. */
export interface IdSource {
  /** 128 random bits. */
  traceId(): TraceId
  /** 64 random bits. */
  spanId(): SpanId
  /** A UUID of version 4 (RFC 9562), as `x-request-id` has it. */
  requestId(): string
}

/** Ids must be unlike, not secret: xoshiro128** (Blackman, Vigna) costs a tenth of the system's generator. */
export function createIdSource(seed: Uint32Array = randomFillSync(new Uint32Array(4))): IdSource {
  const next = xoshiro128(seed)
  const half = (into: Buffer, at: number): void => {
    let high = 0
    let low = 0
    while ((high | low) === 0) {
      high = next()
      low = next()
    }
    writeHex(into, at, high, 8)
    writeHex(into, at + 8, low, 8)
  }
  const spanId = createTokens(16, half)
  const traceId = createTokens(32, (into, at) => {
    half(into, at)
    half(into, at + 16)
  })
  return {
    traceId: () => traceId() as TraceId,
    spanId: () => spanId() as SpanId,
    requestId: createTokens(36, (into, at) => writeUuid(into, at, next)),
  }
}

/** As parts of one text, which stays as long as one of them does. */
const TOKENS_AT_ONCE = 16

/** Makes many texts of one length at once: putting each together from digits would cost several times as much. */
function createTokens(length: number, write: (into: Buffer, at: number) => void): () => string {
  const bytes = Buffer.alloc(length * TOKENS_AT_ONCE)
  let text = ''
  let at = bytes.length
  return () => {
    if (at === bytes.length) {
      for (at = 0; at < bytes.length; at += length) write(bytes, at)
      text = bytes.toString('latin1')
      at = 0
    }
    at += length
    return text.slice(at - length, at)
  }
}

const HEX_DIGITS = Buffer.from('0123456789abcdef')
const DASH = 0x2d

/** The lower digits of the word. */
function writeHex(into: Buffer, at: number, word: number, digits: number): void {
  for (let digit = 0; digit < digits; digit++) {
    into[at + digit] = HEX_DIGITS[(word >>> (4 * (digits - 1 - digit))) & 15] ?? 0
  }
}

/** RFC 9562 5.4: random but for the version and the upper bits of the variant. */
function writeUuid(into: Buffer, at: number, next: () => number): void {
  const middle = next()
  const right = next()
  into.fill(DASH, at, at + 36)
  writeHex(into, at, next(), 8)
  writeHex(into, at + 9, middle >>> 16, 4)
  writeHex(into, at + 14, 0x4000 | (middle & 0x0fff), 4)
  writeHex(into, at + 19, 0x8000 | ((right >>> 16) & 0x3fff), 4)
  writeHex(into, at + 24, right, 4)
  writeHex(into, at + 28, next(), 8)
}

function xoshiro128(seed: Uint32Array): () => number {
  // An all-zero state would stay zero for ever.
  let a = (seed[0] ?? 0) | 1
  let b = seed[1] ?? 0
  let c = seed[2] ?? 0
  let d = seed[3] ?? 0
  return () => {
    const shifted = b << 9
    const scrambled = Math.imul(b, 5)
    const result = Math.imul((scrambled << 7) | (scrambled >>> 25), 9)
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= shifted
    d = (d << 11) | (d >>> 21)
    return result >>> 0
  }
}
