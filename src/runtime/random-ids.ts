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

const HEX_16_BITS: readonly string[] = Array.from({ length: 0x10000 }, (_, i) =>
  i.toString(16).padStart(4, '0'),
)

const hex32 = (word: number): string => `${HEX_16_BITS[word >>> 16]}${HEX_16_BITS[word & 0xffff]}`

/** Ids must be unlike, not secret: xoshiro128** (Blackman, Vigna) costs a tenth of the system's generator. */
export function createIdSource(seed: Uint32Array = randomFillSync(new Uint32Array(4))): IdSource {
  const next = xoshiro128(seed)
  const hex64 = (): string => {
    for (;;) {
      const high = next()
      const low = next()
      if ((high | low) !== 0) return hex32(high) + hex32(low)
    }
  }
  return {
    traceId: () => (hex64() + hex64()) as TraceId,
    spanId: () => hex64() as SpanId,
    requestId() {
      const version = HEX_16_BITS[0x4000 | (next() & 0x0fff)]
      const variant = HEX_16_BITS[0x8000 | (next() & 0x3fff)]
      return `${hex32(next())}-${HEX_16_BITS[next() & 0xffff]}-${version}-${variant}-${hex32(next())}${HEX_16_BITS[next() & 0xffff]}`
    },
  }
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
