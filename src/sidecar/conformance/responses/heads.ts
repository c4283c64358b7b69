import { get, post } from '../request-case.ts'
import { malformed, type ResponseCase, relayed, response } from '../response-case.ts'

const EMPTY = 'Content-Length: 0'
const OK = response(EMPTY)
const INTERIM = response('Link: </a.css>', '', 'HTTP/1.1 103 Early Hints')
const first = (line: string): string => response(EMPTY, '', line)
const field = (line: string): string => response(`${line}\r\n${EMPTY}`)
const kept = (name: string, fields: string, seen: string, extra = {}): ResponseCase =>
  relayed(name, response(fields), { seen: response(seen), ...extra })
/** Nobody may send it again. */
const once = { request: post('Content-Length: 0') }
const ended = { client: 'ended', reused: true } as const

/** Status lines, header lines, interim responses, and what concerns one connection only. */
export const HEADS: readonly ResponseCase[] = [
  relayed('a reason of several words', first('HTTP/1.1 404 Not Found At All')),
  relayed('an empty reason', first('HTTP/1.1 200 ')),
  relayed('no reason and no blank', first('HTTP/1.1 200')),
  relayed('a reason beyond ASCII', first('HTTP/1.1 200 Gr\xfc\xdfe')),
  relayed('a status that nobody knows', first('HTTP/1.1 299 Odd')),
  relayed('status 599', first('HTTP/1.1 599 Odd')),
  relayed('HTTP/1.0 with a length', response('Content-Length: 2', 'ok', 'HTTP/1.0 200 OK'), {
    seen: response('Content-Length: 2', 'ok'),
    reused: false,
  }),
  relayed(
    'HTTP/1.0 that wants to be kept',
    response('Content-Length: 2\r\nConnection: keep-alive', 'ok', 'HTTP/1.0 200 OK'),
    {
      seen: response('Content-Length: 2', 'ok'),
      reused: false,
    },
  ),
  malformed('no status', first('HTTP/1.1 OK')),
  malformed('a status of two digits', first('HTTP/1.1 20 OK')),
  malformed('a status of four digits', first('HTTP/1.1 2000 OK')),
  malformed('a negative status', first('HTTP/1.1 -20 OK')),
  malformed('status 099', first('HTTP/1.1 099 OK')),
  malformed('status 600', first('HTTP/1.1 600 OK')),
  malformed('two blanks before the status', first('HTTP/1.1  200 OK')),
  malformed('a tab before the status', first('HTTP/1.1\t200 OK')),
  malformed('HTTP/1.2', first('HTTP/1.2 200 OK')),
  malformed('HTTP/2.0', first('HTTP/2.0 200 OK')),
  malformed('a version in small letters', first('http/1.1 200 OK')),
  malformed('NUL in the reason', first('HTTP/1.1 200 O\0K')),
  malformed('CR in the reason', first('HTTP/1.1 200 O\rK')),
  malformed('LF in the reason', first('HTTP/1.1 200 OK\nX-A: b')),
  malformed('an empty line before the response', `\r\n${OK}`),
  malformed('a blank before the response', ` ${OK}`),
  malformed('no head at all', 'hello\r\n\r\n', { ...once, behind: 'ends' }),
  malformed('another protocol', 'SSH-2.0-OpenSSH_9.6\r\n\r\n'),
  malformed('HTTP/0.9', '<html>hello</html>\r\n\r\n'),
  malformed('an end before the response', '', { ...once, behind: 'ends' }),
  malformed('an end in the middle of the head', 'HTTP/1.1 200 OK\r\nContent-', { ...once, behind: 'ends' }),
  malformed('a reset before the response', '', { ...once, behind: 'resets' }),

  relayed('values of all kinds', field('X-A: \tb\t c: "d" \xe4 ')),
  relayed('an empty value', field('X-A:')),
  relayed('cookies in two lines', field('Set-Cookie: a=b\r\nSet-Cookie: c=d')),
  relayed('a value of 30,000 bytes', field(`X-A: ${'a'.repeat(30_000)}`)),
  relayed('a line break that is encoded', field('Location: /a%0d%0aSet-Cookie:%20evil=1')),
  relayed('characters whose lower bytes are a line break', field('X-A: a\xc4\x8d\xc4\x8aSet-Cookie: evil=1')),
  relayed('two locations', field('Location: /a\r\nLocation: /b')),
  malformed('a folded line', field('X-A: a\r\n b')),
  malformed('a line without colon', field('nonsense')),
  malformed('an empty name', field(': b')),
  malformed('a blank before the colon', field('X-A : b')),
  malformed('a blank before the colon of a length', response('Content-Length : 2', 'ok')),
  malformed('a name with a bracket', field('X(A): b')),
  malformed('a name beyond ASCII', field('X-\xe4: b')),
  malformed('NUL in a value', field('X-A: a\0b')),
  malformed('DEL in a value', field('X-A: a\x7fb')),
  malformed('CR in a value', field('X-A: a\rSet-Cookie: evil=1')),
  malformed('LF in a value', field('X-A: a\nSet-Cookie: evil=1')),
  malformed('lines that end with LF alone', 'HTTP/1.1 200 OK\nContent-Length: 2\n\nok'),
  malformed('a last line that ends with LF alone', 'HTTP/1.1 200 OK\r\nContent-Length: 0\n\r\n'),
  malformed('two status lines', 'HTTP/1.1 200 OK\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'),
  relayed('a head of 64 KiB', field(`X-A: ${'a'.repeat(64 * 1024 - field('X-A: ').length + 4)}`)),
  malformed(
    'a head of 64 KiB and a byte',
    field(`X-A: ${'a'.repeat(64 * 1024 - field('X-A: ').length + 5)}`),
  ),
  malformed('a head that does not end', `HTTP/1.1 200 OK\r\nX-A: ${'a'.repeat(140_000)}`),
  relayed('200 fields', field(`X-A: b\r\n`.repeat(199).slice(0, -2))),
  malformed('201 fields', field(`X-A: b\r\n`.repeat(200).slice(0, -2))),

  kept('connection: keep-alive', `Connection: keep-alive\r\nKeep-Alive: timeout=60\r\n${EMPTY}`, EMPTY),
  kept('connection: close', `Connection: close\r\n${EMPTY}`, EMPTY, { reused: false }),
  kept('connection: close, keep-alive', `Connection: close, keep-alive\r\n${EMPTY}`, EMPTY, {
    reused: false,
  }),
  kept(
    'a field that is named',
    `Connection: X-Foo\r\nX-Foo: b\r\nX-Bar: c\r\n${EMPTY}`,
    `X-Bar: c\r\n${EMPTY}`,
  ),
  kept('connection names the length', `Connection: content-length\r\n${EMPTY}`, EMPTY),
  kept('proxy-connection', `Proxy-Connection: keep-alive\r\n${EMPTY}`, EMPTY),
  kept('upgrade that is offered', `Connection: upgrade\r\nUpgrade: h2c\r\n${EMPTY}`, EMPTY),
  relayed(
    '426',
    response(`Upgrade: chat\r\nConnection: upgrade\r\n${EMPTY}`, '', 'HTTP/1.1 426 Upgrade Required'),
    {
      seen: response(EMPTY, '', 'HTTP/1.1 426 Upgrade Required'),
    },
  ),
  kept('to a client that closes', EMPTY, `${EMPTY}\r\nconnection: close`, {
    request: get('Connection: close'),
    ...ended,
  }),
  kept('to a client of HTTP/1.0', EMPTY, `${EMPTY}\r\nconnection: close`, {
    request: get('').replace('1.1', '1.0'),
    ...ended,
  }),

  relayed('100 that nobody waits for', `${response('', '', 'HTTP/1.1 100 Continue')}${OK}`),
  relayed('103', `${INTERIM}${OK}`),
  relayed('102, 103, 103', `${response('', '', 'HTTP/1.1 102 Processing')}${INTERIM}${INTERIM}${OK}`),
  relayed('twenty of 103', `${INTERIM.repeat(20)}${OK}`),
  relayed(
    '103 with fields of one connection',
    `${response('Connection: X-A\r\nX-A: b\r\nX-C: d', '', 'HTTP/1.1 103 Early Hints')}${OK}`,
    {
      seen: `${response('X-C: d', '', 'HTTP/1.1 103 Early Hints')}${OK}`,
    },
  ),
  relayed(
    '103 with a length',
    `${response('Content-Length: 5\r\nX-A: b', '', 'HTTP/1.1 103 Early Hints')}${OK}`,
    {
      seen: `${response('X-A: b', '', 'HTTP/1.1 103 Early Hints')}${OK}`,
    },
  ),
  relayed(
    '103 with chunks',
    `${response('Transfer-Encoding: chunked\r\nX-A: b', '', 'HTTP/1.1 103 Early Hints')}${OK}`,
    {
      seen: `${response('X-A: b', '', 'HTTP/1.1 103 Early Hints')}${OK}`,
    },
  ),
  relayed('an interim response that nobody knows', `${response('X-A: b', '', 'HTTP/1.1 199 Odd')}${OK}`),
  relayed(
    '103 with a long head',
    `${response(`X-A: ${'a'.repeat(60_000)}`, '', 'HTTP/1.1 103 Early Hints')}${OK}`,
  ),
  relayed('103 for a client of HTTP/1.0', `${INTERIM}${OK}`, {
    request: get('').replace('1.1', '1.0'),
    seen: response(`${EMPTY}\r\nconnection: close`),
    ...ended,
  }),
  relayed('103 before 204', `${INTERIM}${response('', '', 'HTTP/1.1 204 No Content')}`),
  malformed(
    '101 that nobody asked for',
    response('Connection: upgrade\r\nUpgrade: chat', '', 'HTTP/1.1 101 Switching Protocols'),
  ),
  malformed(
    '101 to another protocol',
    response('Connection: upgrade\r\nUpgrade: h2c', '', 'HTTP/1.1 101 Switching Protocols'),
    {
      request: get('Connection: upgrade\r\nUpgrade: chat'),
    },
  ),
  malformed(
    '101 to a protocol that was not offered',
    response('Connection: upgrade\r\nUpgrade: talk', '', 'HTTP/1.1 101 Switching Protocols'),
    {
      request: get('Connection: upgrade\r\nUpgrade: chat'),
    },
  ),
  malformed('101 that names no protocol', response('X-A: b', '', 'HTTP/1.1 101 Switching Protocols'), {
    request: get('Connection: upgrade\r\nUpgrade: chat'),
  }),
  {
    name: '103, then a malformed response',
    send: [INTERIM, 'HTTP/1.1 OK\r\n\r\n'],
    seen: 502,
    client: 'alive',
    reused: false,
  },
]
