import fc from 'fast-check'
import { HOST } from '../request-case.ts'

/** Messages as programs might send them: mostly right, often odd, sometimes wrong. */

const oneOf = <T>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values)
const mostly = (usual: string, ...odd: readonly string[]): fc.Arbitrary<string> =>
  fc.oneof({ weight: 8, arbitrary: fc.constant(usual) }, { weight: 2, arbitrary: oneOf(...odd) })

const content: fc.Arbitrary<string> = fc.oneof(
  oneOf('', 'hello', '0\r\n\r\n', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', 'HTTP/1.1 200 OK\r\n\r\n', '\r\n\r\n'),
  fc.string({ unit: 'binary-ascii', maxLength: 40 }),
  fc.nat(70_000).map(length => 'x'.repeat(length)),
)

const size = (text: string): fc.Arbitrary<string> =>
  mostly(
    text.length.toString(16),
    text.length.toString(16).toUpperCase(),
    `0${text.length.toString(16)}`,
    `+${text.length}`,
  )
const extension = mostly('', ';a', ';a=b', ';a="b;c"', ';a="\\""', ';', ' ;a', '; a', ';a=', ';a="')

const chunk: fc.Arbitrary<string> = content
  .filter(text => text !== '')
  .chain(text => fc.tuple(size(text), extension).map(([digits, more]) => `${digits}${more}\r\n${text}\r\n`))

const trailers = fc
  .array(oneOf('X-Sum: 1', 'X-Other:', 'Content-Length: 5', 'X-A : b', ' folded'), { maxLength: 2 })
  .map(lines => lines.map(line => `${line}\r\n`).join(''))

const chunkedBody = fc
  .tuple(
    fc.array(chunk, { maxLength: 3 }),
    fc.oneof({ weight: 6, arbitrary: fc.constant('') }, { weight: 2, arbitrary: trailers }),
  )
  .map(([chunks, more]) => `${chunks.join('')}0\r\n${more}\r\n`)

/** Lines about framing, and the body behind the head. */
type Framed = readonly [lines: readonly string[], body: string]

const withLength = content.chain(text =>
  mostly(
    `Content-Length: ${text.length}`,
    `content-length:  ${text.length} `,
    `Content-Length: +${text.length}`,
    `Content-Length: ${text.length + 1}`,
    `Content-Length: ${text.length}, ${text.length}`,
  ).map((line): Framed => [[line], text]),
)
const withChunks = fc
  .tuple(
    mostly(
      'Transfer-Encoding: chunked',
      'transfer-encoding: Chunked',
      'Transfer-Encoding: gzip, chunked',
      'Transfer-Encoding : chunked',
      'Transfer-Encoding: xchunked',
    ),
    chunkedBody,
  )
  .map(([line, body]): Framed => [[line], body])
const withBoth = chunkedBody.map(
  (body): Framed => [['Content-Length: 3', 'Transfer-Encoding: chunked'], body],
)
const withNothing = fc.constant<Framed>([[], ''])

const field: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 6,
    arbitrary: oneOf(
      'X-A: b',
      'x-b:c',
      'X-C:\td ',
      'Cookie: a=b',
      'Accept: */*',
      'X-Empty:',
      'X-Bytes: \xe4\xff',
    ),
  },
  {
    weight: 3,
    arbitrary: oneOf(
      'Connection: keep-alive',
      'Connection: X-A',
      'Connection: close',
      'Connection: X-A, content-length',
      'Keep-Alive: timeout=5',
      'TE: trailers',
      'Upgrade: chat',
      'Connection: upgrade',
      'Proxy-Connection: x',
      'Proxy-Authorization: x',
      'Trailer: X-Sum',
    ),
  },
  {
    weight: 1,
    arbitrary: oneOf(
      'X-A : b',
      ' folded',
      'nonsense',
      'X(A): b',
      'X-A: a\nb',
      'X-A: a\rb',
      'X-A: \0',
      'Host: evil.shop',
    ),
  },
)

const target = fc.oneof(
  {
    weight: 6,
    arbitrary: oneOf(
      '/',
      '/a/b?c=d',
      '//a',
      '/%2e%2E/%zz',
      `http://${HOST}/a`,
      `http://${HOST}`,
      `http://${HOST}?q`,
      '/\xe4',
      '/{}|\\^',
    ),
  },
  {
    weight: 1,
    arbitrary: oneOf('*', 'a', '', '/a b', '/a#b', 'https://books.shop/', '/\0', 'http://me@books.shop/'),
  },
)
const method = mostly('GET', 'POST', 'PUT', 'OPTIONS', 'DELETE', 'PATCH', 'get', 'G(T')
const version = mostly('HTTP/1.1', 'HTTP/1.0', 'HTTP/1.2', 'http/1.1', 'HTTP/1.1 ')

function shuffled(lines: readonly string[], order: readonly number[]): readonly string[] {
  return lines
    .map((line, at) => [order[at] ?? 0, line] as const)
    .sort(([one], [other]) => one - other)
    .map(([, line]) => line)
}

const request: fc.Arbitrary<string> = fc
  .record({
    method,
    target,
    version,
    host: mostly(`Host: ${HOST}`, `host:${HOST}:80`, 'Host: BOOKS.shop', 'Host: a b', 'X-No: host'),
    fields: fc.array(field, { maxLength: 4 }),
    framed: fc.oneof(
      { weight: 4, arbitrary: withNothing },
      { weight: 4, arbitrary: withLength },
      { weight: 4, arbitrary: withChunks },
      { weight: 1, arbitrary: withBoth },
    ),
    order: fc.array(fc.nat(9), { minLength: 8, maxLength: 8 }),
  })
  .map(parts => {
    const lines = shuffled([parts.host, ...parts.fields, ...parts.framed[0]], parts.order)
    const head = [`${parts.method} ${parts.target} ${parts.version}`, ...lines].map(line => `${line}\r\n`)
    return `${head.join('')}\r\n${parts.framed[1]}`
  })

/** What one connection carries. */
export const requests: fc.Arbitrary<string> = fc
  .array(fc.tuple(mostly('', '\r\n', '\r\n\r\n'), request), { minLength: 1, maxLength: 3 })
  .map(parts => parts.flat().join(''))

const status = mostly(
  '200 OK',
  '404 Not Found',
  '204 No Content',
  '304 Not Modified',
  '500 ',
  '299',
  '20 OK',
  '600 X',
)
const interim = oneOf(
  '',
  '',
  '',
  'HTTP/1.1 100 Continue\r\n\r\n',
  'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n',
  'HTTP/1.1 103 Early Hints\r\nContent-Length: 5\r\n\r\n',
  'HTTP/1.1 101 Switching Protocols\r\nUpgrade: chat\r\nConnection: upgrade\r\n\r\n',
)

/** What an app writes in answer to one request, with what it might write behind it. */
export const responses: fc.Arbitrary<string> = fc
  .record({
    interim,
    version: mostly('HTTP/1.1', 'HTTP/1.0', 'HTTP/2.0'),
    status,
    fields: fc.array(field, { maxLength: 4 }),
    framed: fc.oneof(
      { weight: 1, arbitrary: content.map((text): Framed => [[], text]) },
      { weight: 4, arbitrary: withLength },
      { weight: 4, arbitrary: withChunks },
      { weight: 1, arbitrary: withBoth },
    ),
    order: fc.array(fc.nat(9), { minLength: 8, maxLength: 8 }),
    behind: mostly('', '\r\n', 'evil', 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil'),
  })
  .map(parts => {
    const lines = shuffled([...parts.fields, ...parts.framed[0]], parts.order)
    const head = [`${parts.version} ${parts.status}`, ...lines].map(line => `${line}\r\n`)
    return `${parts.interim}${head.join('')}\r\n${parts.framed[1]}${parts.behind}`
  })
