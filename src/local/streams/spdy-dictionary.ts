/** Each stands in the dictionary after its length as 32 bits. */
const WORDS: readonly string[] = [
  ...'options head post put delete trace accept accept-charset accept-encoding accept-language'.split(' '),
  ...'accept-ranges age allow authorization cache-control connection content-base'.split(' '),
  ...'content-encoding content-language content-length content-location content-md5'.split(' '),
  ...'content-range content-type date etag expect expires from host if-match'.split(' '),
  ...'if-modified-since if-none-match if-range if-unmodified-since last-modified'.split(' '),
  ...'location max-forwards pragma proxy-authenticate proxy-authorization range referer'.split(' '),
  ...'retry-after server te trailer transfer-encoding upgrade user-agent vary via'.split(' '),
  ...['warning', 'www-authenticate', 'method', 'get', 'status', '200 OK', 'version', 'HTTP/1.1'],
  ...['url', 'public', 'set-cookie', 'keep-alive', 'origin'],
]

/** Follows the words, without any lengths. */
const TAIL: string = [
  '100 101 201 202 205 206 300 302 303 304 305 306 307 402 405 406 407 408 409 410 411 412 413 414 415'
    .split(' ')
    .join(''),
  '416417502504505',
  '203 Non-Authoritative Information',
  '204 No Content',
  '301 Moved Permanently',
  '400 Bad Request',
  '401 Unauthorized',
  '403 Forbidden',
  '404 Not Found',
  '500 Internal Server Error',
  '501 Not Implemented',
  '503 Service Unavailable',
  'Jan Feb Mar Apr May Jun Jul Aug Sept Oct Nov Dec 00:00:00 Mon, Tue, Wed, Thu, Fri, Sat, Sun, GMT',
  'chunked,text/html,image/png,image/jpg,image/gif,application/xml,application/xhtml+xml,text/plain,',
  'text/javascript,publicprivatemax-age=gzip,deflate,sdchcharset=utf-8charset=iso-8859-1,utf-,*,enq=0.',
].join('')

/**
 * What both ends of SPDY/3 have "seen" before the first block of headers (draft-mbelshe-httpbis-spdy-00, 2.6.10.1):
 * 1423 bytes.
 */
export const SPDY_DICTIONARY: Buffer = Buffer.concat([
  ...WORDS.flatMap(word => [uint32(word.length), Buffer.from(word)]),
  Buffer.from(TAIL),
])

/** Its Adler-32, by which a zlib stream names the dictionary that it needs (RFC 1950, DICTID). */
export const SPDY_DICTIONARY_ID = 0xe3c6a7c2

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}
