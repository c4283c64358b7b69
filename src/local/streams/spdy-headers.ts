import { KisekiError, messageOf } from '../../model/errors.ts'

/**
 * Names in lower case. Several values of one name stand in one string, apart by NUL
 * (draft-mbelshe-httpbis-spdy-00, 2.6.10).
 */
export type SpdyHeaders = ReadonlyMap<string, string>

const MOST_PAIRS = 256

/** The plain form of a block of headers: a count, then each name and value after its length, all 32 bits. */
export function encodeHeaders(headers: SpdyHeaders): Buffer {
  const parts = [uint32(headers.size)]
  for (const [name, value] of headers) {
    for (const text of [name, value]) {
      const bytes = Buffer.from(text)
      parts.push(uint32(bytes.length), bytes)
    }
  }
  return Buffer.concat(parts)
}

/** Throws KISEKI_BAD_REQUEST where the lengths do not add up, or a name comes twice. */
export function decodeHeaders(block: Buffer): SpdyHeaders {
  const headers = new Map<string, string>()
  let at = 0
  const number = (): number => {
    if (at + 4 > block.length) throw badHeaders('ends too early')
    at += 4
    return block.readUInt32BE(at - 4)
  }
  const text = (): string => {
    const length = number()
    if (length > block.length - at) throw badHeaders('ends too early')
    at += length
    return block.toString('utf8', at - length, at)
  }
  const count = number()
  if (count > MOST_PAIRS) throw badHeaders(`has ${count} names, more than ${MOST_PAIRS}`)
  for (let pair = 0; pair < count; pair++) {
    const name = text().toLowerCase()
    if (name === '' || headers.has(name)) throw badHeaders('has a name that is empty or comes twice')
    headers.set(name, text())
  }
  if (at !== block.length) throw badHeaders('has bytes after the last pair')
  return headers
}

export function badHeaders(what: string, cause?: unknown): KisekiError {
  const why = cause === undefined ? what : `${what}: ${messageOf(cause)}`
  return new KisekiError('KISEKI_BAD_REQUEST', `SPDY: the block of headers ${why}`, { cause })
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}
