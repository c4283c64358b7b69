import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { closedAfterEach } from './testing/cleanup.ts'
import { startApp, startTcpApp } from './testing/echo-app.ts'
import { rawClient } from './testing/raw-client.ts'
import { booksOn, startRig } from './testing/rig.ts'

const closing = closedAfterEach()

const post = (headers: string, body = ''): string =>
  `POST / HTTP/1.1\r\nHost: books.shop\r\n${headers}\r\n\r\n${body}`
const get = (headers: string): string => `GET / HTTP/1.1\r\nHost: books.shop\r\n${headers}\r\n\r\n`

const REFUSED: readonly [name: string, status: number, request: string][] = [
  [
    'content-length and transfer-encoding',
    400,
    post('Content-Length: 5\r\nTransfer-Encoding: chunked', '0\r\n\r\n'),
  ],
  [
    'transfer-encoding and content-length',
    400,
    post('Transfer-Encoding: chunked\r\nContent-Length: 5', '0\r\n\r\n'),
  ],
  ['two content-lengths that differ', 400, post('Content-Length: 5\r\nContent-Length: 6', 'hello')],
  ['two content-lengths that agree', 400, post('Content-Length: 5\r\nContent-Length: 5', 'hello')],
  ['a list of content-lengths', 400, post('Content-Length: 5, 5', 'hello')],
  ['content-length with a sign', 400, post('Content-Length: +5', 'hello')],
  ['negative content-length', 400, post('Content-Length: -1')],
  ['hexadecimal content-length', 400, post('Content-Length: 0x5', 'hello')],
  ['empty content-length', 400, post('Content-Length:')],
  ['huge content-length', 400, post(`Content-Length: ${'9'.repeat(40)}`)],
  ['an unknown transfer-encoding', 400, post('Transfer-Encoding: xchunked', '0\r\n\r\n')],
  ['transfer-encoding: identity', 400, post('Transfer-Encoding: identity')],
  ['transfer-encoding: gzip, chunked', 501, post('Transfer-Encoding: gzip, chunked', '0\r\n\r\n')],
  [
    'transfer-encoding twice',
    400,
    post('Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked', '0\r\n\r\n'),
  ],
  ['transfer-encoding in quotes', 400, post('Transfer-Encoding: "chunked"', '0\r\n\r\n')],
  ['a blank before the colon', 400, post('Transfer-Encoding : chunked', '0\r\n\r\n')],
  ['a tab before the colon', 400, post('Transfer-Encoding\t: chunked', '0\r\n\r\n')],
  ['vertical tab in transfer-encoding', 400, post('Transfer-Encoding:\x0bchunked', '0\r\n\r\n')],
  ['a tab behind transfer-encoding', 400, post('Transfer-Encoding: chunked\t', '0\r\n\r\n')],
  ['a tab before content-length', 400, post('Content-Length:\t5', 'hello')],
  ['a folded line', 400, get('X-A: a\r\n b')],
  ['a line that begins with a tab', 400, get('X-A: a\r\n\tb: c')],
  ['a line without colon', 400, get('nonsense')],
  ['an empty name', 400, get(': value')],
  ['a line feed alone in a value', 400, get('X-A: 1\nTransfer-Encoding: chunked')],
  ['a carriage return alone in a value', 400, get('X-A: 1\rTransfer-Encoding: chunked')],
  ['NUL in a value', 400, get('X-A: a\0b')],
  ['DEL in a value', 400, get('X-A: a\x7fb')],
  ['a name with a bracket', 400, get('X(A): b')],
  ['a name beyond ASCII', 400, get('X-\xe4: b')],
  ['lines that end with LF alone', 400, 'GET / HTTP/1.1\nHost: books.shop\n\n'],
  ['two hosts', 400, get('Host: books.shop')],
  ['no host', 400, 'GET / HTTP/1.1\r\n\r\n'],
  ['a host with a path', 400, 'GET / HTTP/1.1\r\nHost: books.shop/x\r\n\r\n'],
  ['a host with a user', 400, 'GET / HTTP/1.1\r\nHost: me@books.shop\r\n\r\n'],
  ['a host with two ports', 400, 'GET / HTTP/1.1\r\nHost: books.shop:80:81\r\n\r\n'],
  ['a host with a port too large', 400, 'GET / HTTP/1.1\r\nHost: books.shop:65536\r\n\r\n'],
  ['two hosts in one', 400, 'GET / HTTP/1.1\r\nHost: books.shop, evil\r\n\r\n'],
  ['a user in the target', 400, 'GET http://me@books.shop/ HTTP/1.1\r\nHost: books.shop\r\n\r\n'],
  ['https in absolute form', 400, 'GET https://books.shop/ HTTP/1.1\r\nHost: books.shop\r\n\r\n'],
  ['a blank in the target', 400, 'GET /a b HTTP/1.1\r\nHost: books.shop\r\n\r\n'],
  ['NUL in the target', 400, 'GET /\0 HTTP/1.1\r\nHost: books.shop\r\n\r\n'],
  ['a target that is no path', 400, 'GET books HTTP/1.1\r\nHost: books.shop\r\n\r\n'],
  ['two blanks in the request line', 400, 'GET  / HTTP/1.1\r\nHost: books.shop\r\n\r\n'],
  ['a method that is no token', 400, 'G(T / HTTP/1.1\r\nHost: books.shop\r\n\r\n'],
  ['HTTP/0.9', 400, 'GET /\r\n\r\n'],
  ['HTTP/2 in words', 505, 'GET / HTTP/2.0\r\nHost: books.shop\r\n\r\n'],
  ['HTTP/1.2', 505, 'GET / HTTP/1.2\r\nHost: books.shop\r\n\r\n'],
  [
    'chunks in HTTP/1.0',
    400,
    'POST / HTTP/1.0\r\nHost: books.shop\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  ],
  ['TLS', 400, '\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03\r\n\r\n'],
  ['an unknown expectation', 417, post('Expect: 200-ok\r\nContent-Length: 0')],
  ['a chunk size that is no number', 400, post('Transfer-Encoding: chunked', 'zz\r\n\r\n')],
  ['a negative chunk size', 400, post('Transfer-Encoding: chunked', '-1\r\n\r\n')],
  ['a chunk size with 0x', 400, post('Transfer-Encoding: chunked', '0x5\r\nhello\r\n0\r\n\r\n')],
  ['a chunk size too long', 400, post('Transfer-Encoding: chunked', '0000000000000001\r\na\r\n0\r\n\r\n')],
  [
    'a chunk that is longer than its size',
    400,
    post('Transfer-Encoding: chunked', '3\r\nhello\r\n0\r\n\r\n'),
  ],
  ['a chunk size line that ends with LF', 400, post('Transfer-Encoding: chunked', '5\nhello\r\n0\r\n\r\n')],
  [
    'a chunk extension with LF in it',
    400,
    post('Transfer-Encoding: chunked', '5;a\nb\r\nhello\r\n0\r\n\r\n'),
  ],
  ['a blank behind a chunk size', 400, post('Transfer-Encoding: chunked', '5 \r\nhello\r\n0\r\n\r\n')],
  ['a malformed chunk extension', 400, post('Transfer-Encoding: chunked', '5;a b\r\nhello\r\n0\r\n\r\n')],
  ['a trailer without colon', 400, post('Transfer-Encoding: chunked', '0\r\nnonsense\r\n\r\n')],
  ['a trailer with LF in it', 400, post('Transfer-Encoding: chunked', '0\r\nA: b\nC: d\r\n\r\n')],
  [
    'CONNECT with a body',
    400,
    'CONNECT books.shop:80 HTTP/1.1\r\nHost: books.shop\r\nContent-Length: 5\r\n\r\nhello',
  ],
  ['CONNECT to a path', 400, 'CONNECT /x HTTP/1.1\r\nHost: books.shop\r\n\r\n'],
  ['a head over 64 KiB', 431, get(`X-A: ${'a'.repeat(70_000)}`)],
  ['a request line over 64 KiB', 414, `GET /${'a'.repeat(70_000)}`],
  ['a whole head with such a line', 414, get('X-A: b').replace('/', `/${'a'.repeat(70_000)}`)],
  ['too many lines', 431, get(Array.from({ length: 300 }, (_, at) => `X-${at}: b`).join('\r\n'))],
]

describe('a request that two programs could read in two ways', () => {
  it.each(REFUSED)('%s is answered %i and goes no further', async (_, status, request) => {
    const app = closing(await startApp())
    const rig = closing(await startRig(booksOn(app.port)))
    const client = await rawClient(rig.outbound, request)
    const text = await client.closed()
    expect(text).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
    expect(text).toContain('connection: close\r\n')
    expect(app.requests).toHaveLength(0)
  })

  it('is refused as well when it comes behind a good one', async () => {
    const app = closing(await startApp())
    const rig = closing(await startRig(booksOn(app.port)))
    const client = await rawClient(rig.outbound, get('X-A: b') + post('Content-Length: 5, 6'))
    const text = await client.closed()
    expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 400'])
    expect(app.requests).toHaveLength(1)
  })
})

describe('a connection header', () => {
  it('cannot take away what the message consists of', async () => {
    const app = closing(await startApp())
    const rig = closing(await startRig(booksOn(app.port)))
    const client = await rawClient(
      rig.outbound,
      post('Connection: close, content-length, host, transfer-encoding\r\nContent-Length: 5', 'hello'),
    )
    expect(await client.closed()).toContain('"body":"hello"')
  })

  it('does not bring HTTP/2 in by an upgrade', async () => {
    const app = closing(await startApp())
    const rig = closing(await startRig(booksOn(app.port)))
    const client = await rawClient(
      rig.outbound,
      get('Connection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQ'),
    )
    const text = await client.closed()
    expect(text).toContain('HTTP/1.1 200')
    expect(app.requests[0]?.headers).not.toHaveProperty('upgrade')
    expect(app.requests[0]?.headers).not.toHaveProperty('http2-settings')
  })
})

describe('a response that two programs could read in two ways', () => {
  it.each([
    [
      'content-length and transfer-encoding',
      'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['two content-lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok'],
    ['an unknown transfer-encoding', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nok'],
    ['a folded line', 'HTTP/1.1 200 OK\r\nX-A: a\r\n b\r\n\r\n'],
    ['LF alone', 'HTTP/1.1 200 OK\nContent-Length: 2\n\nok'],
    ['no status', 'HTTP/1.1 OK\r\n\r\n'],
    ['another protocol', 'SSH-2.0-OpenSSH_9.6\r\n\r\n'],
    ['a bad chunk', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n'],
    ['a head over 64 KiB', `HTTP/1.1 200 OK\r\nX-A: ${'a'.repeat(140_000)}`],
  ])('%s is answered 502', async (_, response) => {
    const app = closing(
      await startTcpApp(socket => void socket.once('data', () => socket.write(response, 'latin1'))),
    )
    const rig = closing(await startRig(booksOn(app.port)))
    const client = await rawClient(rig.outbound, get('X-A: b'))
    expect(await client.until('response-malformed')).toMatch(/^HTTP\/1\.1 502 /)
    client.socket.destroy()
  })

  it('takes bytes behind a response for no response to the next request', async () => {
    const app = closing(
      await startTcpApp((socket, index) => {
        socket.on('data', () => {
          const own = `HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n#${index}`
          socket.write(index === 0 ? `${own}HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nevil` : own)
        })
      }),
    )
    const rig = closing(await startRig(booksOn(app.port)))
    const client = await rawClient(rig.outbound, get('X-A: b'))
    await client.until('#0')
    client.write(get('X-A: b'))
    expect(await client.until('#1')).not.toContain('evil')
    client.socket.destroy()
  })
})

describe('whatever goes on', () => {
  /** Requests of which some bytes were changed, and how many they still are is for the parsers to say. */
  const good = [
    get('X-A: b'),
    post('Content-Length: 5', 'hello'),
    post('Transfer-Encoding: chunked\r\nX-A: b', '5;x=y\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n'),
    get('Connection: keep-alive, X-A\r\nX-A: b\r\nTE: trailers'),
  ]
  const spoiler = fc.constantFrom(
    '\r',
    '\n',
    '\r\n',
    '\0',
    '\t',
    ' ',
    ':',
    ',',
    ';',
    '0',
    '5',
    'chunked',
    '\x7f',
    '"',
    'X',
    '/',
  )
  const spoiled = fc
    .tuple(
      fc.array(fc.constantFrom(...good), { minLength: 1, maxLength: 3 }),
      fc.array(fc.tuple(fc.nat(), fc.nat(3), spoiler), { maxLength: 3 }),
    )
    .map(([requests, spoils]) =>
      spoils.reduce((text, [place, cut, insert]) => {
        const at = place % text.length
        return text.slice(0, at) + insert + text.slice(at + cut)
      }, requests.join('')),
    )

  it('another strict parser reads it in the same way', async () => {
    const faults: string[] = []
    const app = closing(
      await startApp((message, response) => void message.resume().on('end', () => response.end('app'))),
    )
    app.server.on('clientError', (error: NodeJS.ErrnoException & { rawPacket?: Buffer }, socket) => {
      // A client that went away in the middle is no disagreement, nor is a method that Node has never heard of.
      const code = error.code ?? error.message
      if (!/^(ECONNRESET|EPIPE|HPE_INVALID_EOF_STATE|HPE_INVALID_METHOD)$/.test(code)) {
        faults.push(`${code} ${error.message}: ${error.rawPacket?.toString('latin1')}`)
      }
      socket.destroy()
    })
    const rig = closing(await startRig(booksOn(app.port)))
    await fc.assert(
      fc.asyncProperty(spoiled, async text => {
        const before = app.requests.length
        const client = await rawClient(rig.outbound, text)
        client.socket.end()
        const answers = await client.closed()
        expect(faults).toEqual([])
        // As many as were answered by the app went there: none was hidden in another.
        expect(app.requests.length - before).toBeGreaterThanOrEqual(answers.split('\r\n\r\napp').length - 1)
        expect(app.requests.length - before).toBeLessThanOrEqual(answers.split('HTTP/1.1 ').length)
      }),
      { numRuns: 150 },
    )
  }, 60_000)
})
