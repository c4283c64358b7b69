import { get, passes, passesLast, post, type RequestCase, refused } from '../request-case.ts'

const goesOn = (name: string, fields: string, kept: string): RequestCase =>
  passes(name, get(fields), { arrives: get(kept) })

/** What concerns one connection only stays there (RFC 9110 7.6.1), and takes nothing else along. */
export const HOPS: readonly RequestCase[] = [
  goesOn('connection: keep-alive', 'Connection: keep-alive', ''),
  goesOn('connection: Keep-Alive, and the field', 'Connection: Keep-Alive\r\nKeep-Alive: timeout=5', ''),
  goesOn('keep-alive that nobody named', 'Keep-Alive: timeout=5', ''),
  goesOn('proxy-connection', 'Proxy-Connection: keep-alive', ''),
  goesOn('proxy-authorization', 'Proxy-Authorization: Basic bWU6c2VjcmV0', ''),
  passes('authorization', get('Authorization: Basic bWU6c2VjcmV0')),
  goesOn('a field that is named', 'Connection: X-Foo\r\nX-Foo: b\r\nX-Bar: c', 'X-Bar: c'),
  goesOn('a field that is named before it comes', 'X-Foo: b\r\nConnection: X-Foo', ''),
  goesOn('a named field in another case', 'Connection: x-FOO\r\nX-foo: b', ''),
  goesOn(
    'a named field that comes twice',
    'Connection: X-Foo\r\nX-Foo: b\r\nX-Bar: c\r\nX-Foo: d',
    'X-Bar: c',
  ),
  goesOn('named fields in a list', 'Connection: X-Foo , X-Bar\r\nX-Foo: b\r\nX-Bar: c', ''),
  goesOn('named fields in two lines', 'Connection: X-Foo\r\nConnection: X-Bar\r\nX-Foo: b\r\nX-Bar: c', ''),
  goesOn('a list with empty places', 'Connection: , X-Foo,, \r\nX-Foo: b', ''),
  goesOn('a name that is no field here', 'Connection: X-Foo\r\nX-Foobar: b', 'X-Foobar: b'),
  goesOn('a name that is no token', 'Connection: X(Foo)\r\nX-A: b', 'X-A: b'),
  goesOn('a name that stands in a value', 'Connection: X-Foo\r\nX-A: X-Foo: b', 'X-A: X-Foo: b'),
  goesOn('connection without a value', 'Connection:\r\nX-A: b', 'X-A: b'),
  goesOn('connection names itself', 'Connection: connection\r\nX-A: b', 'X-A: b'),
  goesOn('connection names host', 'Connection: host', ''),
  goesOn('connection names a trace header', 'Connection: x-b3-traceid\r\nX-B3-TraceId: 0123456789abcdef', ''),
  goesOn('connection names a cookie', 'Connection: cookie\r\nCookie: a=b', ''),
  passes(
    'connection names content-length',
    post('Connection: content-length\r\nContent-Length: 5', 'hello'),
    {
      arrives: post('Content-Length: 5', 'hello'),
    },
  ),
  passes(
    'connection names transfer-encoding',
    post('Connection: transfer-encoding\r\nTransfer-Encoding: chunked', '5\r\nhello\r\n0\r\n\r\n'),
    { arrives: post('Transfer-Encoding: chunked', '5\r\nhello\r\n0\r\n\r\n') },
  ),
  passesLast('connection: close', get('Connection: close'), { arrives: get('') }),
  passesLast('connection: CLOSE', get('Connection: CLOSE'), { arrives: get('') }),
  passesLast('connection: keep-alive, close', get('Connection: keep-alive, close'), { arrives: get('') }),
  passesLast(
    'connection: close in a second line',
    get('Connection: X-Foo\r\nConnection: close\r\nX-Foo: b'),
    {
      arrives: get(''),
    },
  ),
  passesLast(
    'connection: close with something behind it',
    `${get('Connection: close')}${get('', '/second')}`,
    {
      arrives: get(''),
    },
  ),
  goesOn('te: trailers', 'TE: trailers', 'te: trailers\r\nconnection: te'),
  goesOn(
    'te: trailers with a weight',
    'TE: trailers;q=0.5\r\nConnection: TE',
    'te: trailers\r\nconnection: te',
  ),
  goesOn('te: gzip', 'TE: gzip\r\nConnection: TE', ''),
  goesOn('te: trailersx', 'TE: trailersx', ''),
  passes('trailer', post('Trailer: X-Sum\r\nTransfer-Encoding: chunked', '0\r\nX-Sum: 1\r\n\r\n')),
  goesOn('upgrade that connection does not name', 'Upgrade: chat', ''),
  goesOn('upgrade without protocols', 'Connection: upgrade', ''),
  goesOn(
    'upgrade to HTTP/2',
    'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQ',
    '',
  ),
  goesOn('upgrade to HTTP/2 or another', 'Connection: Upgrade\r\nUpgrade: h2c, chat', ''),
  goesOn(
    'upgrade that is answered 200',
    'Connection: Upgrade\r\nUpgrade: chat',
    'connection: upgrade\r\nupgrade: chat',
  ),
  goesOn(
    'upgrade of a WebSocket that is answered 200',
    'Connection: keep-alive, Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nconnection: upgrade\r\nupgrade: websocket',
  ),
  passesLast('upgrade in HTTP/1.0', get('Connection: Upgrade\r\nUpgrade: chat').replace('1.1', '1.0'), {
    arrives: get('').replace('1.1', '1.0'),
  }),
  passes(
    'via and forwarded',
    get('Via: 1.1 other\r\nForwarded: for=192.0.2.7\r\nX-Forwarded-For: 192.0.2.7'),
  ),
  passes('expectation with its body', post('Expect: 100-continue\r\nContent-Length: 5', 'hello')),
  passes('expectation in capitals', post('EXPECT: 100-CONTINUE\r\nContent-Length: 5', 'hello')),
  passes('expectation without a body', post('Expect: 100-continue\r\nContent-Length: 0')),
  refused('an unknown expectation', 417, post('Expect: 200-ok\r\nContent-Length: 0')),
  refused('two expectations', 417, post('Expect: 100-continue, x\r\nContent-Length: 0')),
  refused('an expectation without a value', 417, post('Expect:\r\nContent-Length: 0')),
]
