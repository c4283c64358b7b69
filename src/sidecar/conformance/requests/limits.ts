import { get, passes, post, type RequestCase, refused } from '../request-case.ts'

const LARGEST_HEAD = 64 * 1024

/** A head of just so many bytes, without the CR LF of its last line and of the empty one. */
function headOf(bytes: number): string {
  const base = get('X-A: ').length - 4
  return get(`X-A: ${'a'.repeat(bytes - base)}`)
}

/** A request line of just so many bytes before its CR LF. */
function lineOf(bytes: number): string {
  return get('', `/${'a'.repeat(bytes - 'GET / HTTP/1.1'.length)}`)
}

const fieldsOf = (count: number): string =>
  Array.from({ length: count }, (_, at) => `X-${at}: b`).join('\r\n')

/** How much is taken, to the byte, and what is said beyond (RFC 9112 3, RFC 6585 5). */
export const LIMITS: readonly RequestCase[] = [
  passes('a head of 64 KiB', headOf(LARGEST_HEAD)),
  refused('a head of 64 KiB and a byte', 431, headOf(LARGEST_HEAD + 1)),
  refused('a head of 200 KB', 431, headOf(200_000)),
  refused('a request line of 64 KiB', 431, lineOf(LARGEST_HEAD - 1)),
  refused('a request line over 64 KiB', 414, lineOf(LARGEST_HEAD)),
  refused('a request line of 200 KB', 414, lineOf(200_000)),
  refused('a request line over 64 KiB that does not end', 414, `GET /${'a'.repeat(70_000)}`),
  refused('a head over 64 KiB that does not end', 431, get(`X-A: ${'a'.repeat(70_000)}`).slice(0, -4)),
  passes('200 fields', get(fieldsOf(199))),
  refused('201 fields', 431, get(fieldsOf(200))),
  refused('2,000 fields', 431, get(fieldsOf(2000))),
  passes('a body of 1 MB', post('Content-Length: 1000000', 'a'.repeat(1_000_000))),
]
