import { CR, LF, SPACE, TOKEN } from './characters.ts'

/** `unsure`: more bytes are needed. */
export type Detected = 'http' | 'other' | 'unsure'

/** Other versions in the words of HTTP/1 are for the reader of heads to refuse. */
const VERSION = / HTTP\/\d\.\d$/
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH']
const LONGEST_METHOD = 32
const LONGEST_LINE = 64 * 1024
const CAPITAL_A = 65
const CAPITAL_Z = 90

/**
 * Whether a client's first bytes are an HTTP request. TLS begins with a byte that no method has; the preface of
 * HTTP/2 looks like a request. Methods are written in capitals: another word is only believed together with its whole line.
 */
export function detectHttp(bytes: Buffer): Detected {
  const first = bytes[0]
  if (first === undefined) return 'unsure'
  if (TOKEN[first] !== 1) return 'other'
  const blank = bytes.indexOf(SPACE)
  const methodEnd = blank < 0 ? bytes.length : blank
  if (methodEnd > LONGEST_METHOD) return 'other'
  for (let at = 0; at < methodEnd; at++) if (TOKEN[bytes[at] ?? 0] !== 1) return 'other'
  const lineFeed = bytes.indexOf(LF, methodEnd)
  if (lineFeed >= 0) return isRequestLine(bytes, blank, lineFeed) ? 'http' : 'other'
  if (first < CAPITAL_A || first > CAPITAL_Z) return 'other'
  if (bytes.length <= LONGEST_LINE) return 'unsure'
  return beginsWithMethod(bytes) ? 'http' : 'other'
}

function isRequestLine(bytes: Buffer, from: number, lineFeed: number): boolean {
  const end = bytes[lineFeed - 1] === CR ? lineFeed - 1 : lineFeed
  return VERSION.test(bytes.toString('latin1', Math.max(from, end - 9), end))
}

/** Whether bytes that leave it unsure look like the beginning of a request, with a method that is registered. */
export function beginsWithMethod(bytes: Buffer): boolean {
  const blank = bytes.indexOf(SPACE)
  if (blank < 0) {
    const begun = bytes.toString('latin1')
    return METHODS.some(method => method.startsWith(begun))
  }
  return METHODS.includes(bytes.toString('latin1', 0, blank))
}
