import { get } from '../request-case.ts'
import { broken, chunks, malformed, type ResponseCase, relayed, response } from '../response-case.ts'

const END = '0\r\n\r\n'
const HEAD = get('').replace('GET', 'HEAD')
const OLD = get('').replace('1.1', '1.0')

/** What is relayed until the app ends its connection is the end of the client's, too. */
function untilClose(name: string, fields: string, body: string, first = 'HTTP/1.1 200 OK'): ResponseCase {
  const lines = fields === '' ? '' : `${fields}\r\n`
  return {
    name,
    send: response(fields, body, first),
    behind: 'ends',
    seen: `${first.replace('HTTP/1.0', 'HTTP/1.1')}\r\n${lines}connection: close\r\n\r\n${body}`,
    client: 'ended',
    reused: false,
  }
}

/** Where a response ends (RFC 9112 6.3). */
export const FRAMING: readonly ResponseCase[] = [
  relayed('content-length', response('Content-Length: 2', 'ok')),
  relayed('content-length: 0', response('Content-Length: 0')),
  relayed('content-length with blanks', response('Content-Length:  2 ', 'ok')),
  relayed('chunks', chunks(`2\r\nok\r\n${END}`)),
  relayed('chunks with extensions', chunks(`2;a="b;c";d\r\nok\r\n${END}`)),
  relayed('chunks in capitals', response('TRANSFER-ENCODING: CHUNKED', `A\r\n0123456789\r\n${END}`)),
  relayed('no chunk but the last', chunks(END)),
  relayed('trailers', chunks('2\r\nok\r\n0\r\nX-Sum: 1\r\nX-Other: 2\r\n\r\n', 'Trailer: X-Sum')),
  relayed('a body that looks like a response', response('Content-Length: 38', response('Content-Length: 0'))),
  untilClose('no length', '', 'until the end'),
  untilClose('no length and nothing', '', ''),
  untilClose('no length in HTTP/1.0', 'X-A: b', 'until the end', 'HTTP/1.0 200 OK'),
  untilClose('no length in an error', 'X-A: b', 'oh no', 'HTTP/1.1 500 Oh No'),

  relayed('HEAD with a length', response('Content-Length: 1000'), { request: HEAD }),
  relayed('HEAD with chunks', response('Transfer-Encoding: chunked'), { request: HEAD }),
  relayed('HEAD without any length', response('X-A: b'), { request: HEAD }),
  relayed('HEAD answered 404', response('Content-Length: 9', '', 'HTTP/1.1 404 Not Found'), {
    request: HEAD,
  }),
  relayed('HEAD answered with a body', response('Content-Length: 2', 'ok'), {
    request: HEAD,
    seen: response('Content-Length: 2'),
    reused: false,
  }),
  relayed('204', response('X-A: b', '', 'HTTP/1.1 204 No Content')),
  relayed('304', response('ETag: "x"', '', 'HTTP/1.1 304 Not Modified')),
  relayed(
    '304 with the length that it would have',
    response('Content-Length: 9', '', 'HTTP/1.1 304 Not Modified'),
  ),
  relayed('304 with chunks', response('Transfer-Encoding: chunked', '', 'HTTP/1.1 304 Not Modified')),
  relayed('HEAD answered 304', response('Content-Length: 9', '', 'HTTP/1.1 304 Not Modified'), {
    request: HEAD,
  }),
  relayed('HEAD answered 204', response('X-A: b', '', 'HTTP/1.1 204 No Content'), { request: HEAD }),
  relayed('205 with a body', response('Content-Length: 2', 'ok', 'HTTP/1.1 205 Reset Content')),
  relayed('an error with a length', response('Content-Length: 5', 'oh no', 'HTTP/1.1 503 Oh No')),
  relayed('205 with content-length: 0', response('Content-Length: 0', '', 'HTTP/1.1 205 Reset Content')),
  relayed('204 with a length', response('Content-Length: 2\r\nX-A: b', '', 'HTTP/1.1 204 No Content'), {
    seen: response('X-A: b', '', 'HTTP/1.1 204 No Content'),
  }),
  relayed(
    '204 with chunks',
    response('Transfer-Encoding: chunked\r\nX-A: b', '', 'HTTP/1.1 204 No Content'),
    {
      seen: response('X-A: b', '', 'HTTP/1.1 204 No Content'),
    },
  ),
  relayed('204 with a body', response('X-A: b', 'evil', 'HTTP/1.1 204 No Content'), {
    seen: response('X-A: b', '', 'HTTP/1.1 204 No Content'),
    reused: false,
  }),
  relayed('304 with a body', response('ETag: "x"', 'evil', 'HTTP/1.1 304 Not Modified'), {
    seen: response('ETag: "x"', '', 'HTTP/1.1 304 Not Modified'),
    reused: false,
  }),
  relayed(
    '304 with a response behind it',
    response('ETag: "x"', response('Content-Length: 4', 'evil'), 'HTTP/1.1 304 Not Modified'),
    {
      seen: response('ETag: "x"', '', 'HTTP/1.1 304 Not Modified'),
      reused: false,
    },
  ),
  relayed('bytes behind a length', response('Content-Length: 2', 'okevil'), {
    seen: response('Content-Length: 2', 'ok'),
    reused: false,
  }),
  relayed(
    'a response behind a response',
    response('Content-Length: 2', `ok${response('Content-Length: 4', 'evil')}`),
    {
      seen: response('Content-Length: 2', 'ok'),
      reused: false,
    },
  ),
  relayed('a response behind chunks', chunks(`${END}${response('Content-Length: 4', 'evil')}`), {
    seen: chunks(END),
    reused: false,
  }),
  relayed('an empty line behind a response', response('Content-Length: 2', 'ok\r\n'), {
    seen: response('Content-Length: 2', 'ok'),
    reused: false,
  }),

  malformed('both lengths', response('Content-Length: 5\r\nTransfer-Encoding: chunked', END)),
  malformed(
    'both lengths, the other way round',
    response('Transfer-Encoding: chunked\r\nContent-Length: 5', END),
  ),
  malformed('two content-lengths that differ', response('Content-Length: 2\r\nContent-Length: 3', 'ok')),
  malformed('two content-lengths that agree', response('Content-Length: 2\r\nContent-Length: 2', 'ok')),
  malformed('a list of content-lengths', response('Content-Length: 2, 2', 'ok')),
  malformed('content-length with a plus', response('Content-Length: +2', 'ok')),
  malformed('content-length with a minus', response('Content-Length: -2', 'ok')),
  malformed('content-length in words', response('Content-Length: two', 'ok')),
  malformed('content-length without a value', response('Content-Length:', 'ok')),
  malformed('content-length over 2^64', response('Content-Length: 18446744073709551618', 'ok')),
  malformed('content-length with a tab', response('Content-Length:\t2', 'ok')),
  malformed('transfer-encoding: gzip', response('Transfer-Encoding: gzip', 'ok')),
  malformed('transfer-encoding: identity', response('Transfer-Encoding: identity', 'ok')),
  malformed('transfer-encoding: gzip, chunked', response('Transfer-Encoding: gzip, chunked', END)),
  malformed('transfer-encoding: xchunked', response('Transfer-Encoding: xchunked', END)),
  malformed(
    'transfer-encoding twice',
    response('Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked', END),
  ),
  malformed('chunks in HTTP/1.0', response('Transfer-Encoding: chunked', END, 'HTTP/1.0 200 OK')),
  malformed('chunks for a client of HTTP/1.0', chunks(`2\r\nok\r\n${END}`), {
    request: OLD,
    client: 'ended',
  }),
  malformed(
    'framing in trailers',
    chunks('2\r\nok\r\n0\r\nContent-Length: 9\r\nTransfer-Encoding: x\r\n\r\n'),
  ),
  malformed('a bad chunk at once', chunks('zz\r\n')),
  malformed('a bad chunk at once behind a good one', chunks('2\r\nok\r\nzz\r\n')),

  broken('a bad chunk later', chunks('2\r\nok\r\n'), 'zz\r\n'),
  broken('a chunk without CR LF', chunks('2\r\nok'), 'xx0\r\n\r\n'),
  broken('a chunk size with a minus', chunks('2\r\nok\r\n'), '-1\r\n'),
  broken('a chunk size that ends with LF', chunks('2\r\nok\r\n'), '0\n\r\n'),
  broken('a bad trailer', chunks('2\r\nok\r\n0\r\n'), 'nonsense\r\n\r\n'),
  broken('an end in the middle of a length', response('Content-Length: 9', 'half'), '', { behind: 'ends' }),
  broken('an end in the middle of a chunk', chunks('9\r\nhalf'), '', { behind: 'ends' }),
  broken('an end between chunks', chunks('4\r\nhalf\r\n'), '', { behind: 'ends' }),
  broken('an end before the trailers end', chunks('4\r\nhalf\r\n0\r\n'), '', { behind: 'ends' }),
  broken('a reset in the middle of a length', response('Content-Length: 9', 'half'), '', {
    behind: 'resets',
  }),
  {
    ...broken('a reset in the middle of a body without length', response('', 'half'), '', {
      behind: 'resets',
    }),
    seen: response('connection: close', 'half'),
  },
]
