import { LF } from './characters.ts'

/** Why a head was not taken, and the status with which that is answered. */
export interface HeadFault {
  readonly status: number
  readonly text: string
}

export const LARGEST_HEAD: number = 64 * 1024
/** Behind a head of that size, three of the four bytes that end it may have come. */
export const LARGEST_UNFINISHED: number = LARGEST_HEAD + 3

export type FaultName =
  | 'requestLine'
  | 'statusLine'
  | 'version'
  | 'target'
  | 'scheme'
  | 'field'
  | 'contentLength'
  | 'transferEncoding'
  | 'codingUnknown'
  | 'framing'
  | 'hostMissing'
  | 'hostRepeated'
  | 'host'
  | 'bareLineFeed'
  | 'connectBody'
  | 'expectation'
  | 'tooManyFields'
  | 'tooLarge'
  | 'targetTooLarge'

const bad = (text: string): HeadFault => ({ status: 400, text })

export const FAULTS: Readonly<Record<FaultName, HeadFault>> = {
  requestLine: bad('malformed request line'),
  statusLine: bad('malformed status line'),
  version: { status: 505, text: 'only HTTP/1.0 and HTTP/1.1 are spoken here' },
  target: bad('malformed request target'),
  scheme: bad('only http:// targets are forwarded; use CONNECT for others'),
  field: bad('malformed header line'),
  contentLength: bad('malformed or repeated content-length'),
  transferEncoding: bad('transfer-encoding other than one chunked'),
  // RFC 9112 6.1: a coding that could be undone, if it were known here; the end of the body would be.
  codingUnknown: { status: 501, text: 'transfer-encoding beside chunked' },
  framing: bad('content-length and transfer-encoding together, or chunked in HTTP/1.0'),
  hostMissing: bad('no host header'),
  hostRepeated: bad('more than one host header'),
  host: bad('malformed host header'),
  bareLineFeed: bad('line that does not end with CR LF'),
  connectBody: bad('CONNECT with a body'),
  expectation: { status: 417, text: 'expectation other than 100-continue' },
  tooManyFields: { status: 431, text: 'too many header lines' },
  tooLarge: { status: 431, text: 'request head over 64 KiB' },
  targetTooLarge: { status: 414, text: 'request line over 64 KiB' },
}

/** The same whether the request came as a whole or not. */
export function tooLarge(bytes: Buffer, start: number): HeadFault {
  const lineEnd = bytes.indexOf(LF, start)
  return lineEnd < 0 || lineEnd - start > LARGEST_HEAD ? FAULTS.targetTooLarge : FAULTS.tooLarge
}
