import { CR, LF, SPACE, TOKEN } from './characters.ts'

/** `unsure`: more bytes are needed. */
export type Detected = 'http' | 'other' | 'unsure'

const LONGEST_METHOD = 32
const LONGEST_LINE = 16 * 1024
const CAPITAL_A = 65
const CAPITAL_Z = 90

/**
 * Whether a client's first bytes are an HTTP/1 request. TLS begins with a byte that no method has; the preface of
 * HTTP/2 is other, too.
 */
export function detectHttp(bytes: Buffer): Detected {
  const first = bytes[0]
  if (first === undefined) return 'unsure'
  if (first < CAPITAL_A || first > CAPITAL_Z) return 'other'
  const blank = bytes.indexOf(SPACE)
  const methodEnd = blank < 0 ? bytes.length : blank
  if (methodEnd > LONGEST_METHOD) return 'other'
  for (let at = 0; at < methodEnd; at++) if (TOKEN[bytes[at] ?? 0] !== 1) return 'other'
  return blank < 0 ? 'unsure' : detectVersion(bytes, blank)
}

function detectVersion(bytes: Buffer, from: number): Detected {
  const lineFeed = bytes.indexOf(LF, from)
  if (lineFeed < 0) return bytes.length > LONGEST_LINE ? 'other' : 'unsure'
  const end = bytes[lineFeed - 1] === CR ? lineFeed - 1 : lineFeed
  return bytes.toString('latin1', Math.max(from, end - 9), end).startsWith(' HTTP/1.') ? 'http' : 'other'
}
