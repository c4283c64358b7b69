import { describe, expect, it } from 'vitest'
import { closedAfterEach } from '../testing/cleanup.ts'
import { startHttp2App } from '../testing/http2-peers.ts'
import {
  blockOf,
  data,
  frame,
  GET,
  headers,
  type Lines,
  numbers,
  POST,
  type RawFrames,
  type ReceivedFrame,
  rawHttp2,
  reset,
  settings,
  windowUpdate,
} from '../testing/raw-frames.ts'
import { booksOn, type Rig, startRig } from '../testing/rig.ts'
import * as Code from './error-code.ts'
import * as Frame from './frame.ts'

const closing = closedAfterEach()

const PING_BODY = Buffer.from('8 bytes!')
const PING = frame(Frame.PING, 0, 0, PING_BODY)
/** The head of a request whose body follows. */
const OPEN = headers(1, POST, 0)
const HEADERS_ONLY = frame(Frame.HEADERS, Frame.END_STREAM, 1, blockOf(GET.slice(0, 2)))
const REST_OF_HEADERS = blockOf(GET.slice(2))
const PRIORITY = (id: number, length = 5): Buffer => frame(Frame.PRIORITY, 0, id, Buffer.alloc(length, 1))
const CONTINUATION = (id: number, flags: number, block = REST_OF_HEADERS): Buffer =>
  frame(Frame.CONTINUATION, flags, id, block)
const padded = (type: number, length: number, flags = 0): Buffer =>
  frame(type, Frame.PADDED | flags, 1, Buffer.concat([Buffer.from([length]), blockOf(GET)]))
const without = (name: string): Lines => GET.filter(([each]) => each !== name)
const with_ = (...more: Lines): Lines => [...GET, ...more]

async function start(): Promise<{ readonly rig: Rig; readonly client: RawFrames }> {
  const app = closing(
    await startHttp2App((stream, head) => {
      // Answers at once, or when the request has ended, or never.
      if (head[':path'] === '/never') return
      stream.resume()
      stream.on('end', () => stream.destroyed || stream.respond({ ':status': 204 }, { endStream: true }))
    }),
  )
  const rig = closing(await startRig(booksOn(app.port)))
  return { rig, client: closing(await rawHttp2(rig.outbound)) }
}

/** What is said about the connection or a stream of it, as soon as something is. */
function verdict(frames: readonly ReceivedFrame[]): string | undefined {
  for (const { type, id, payload } of frames) {
    if (type === Frame.GOAWAY) return `connection ${payload.readUInt32BE(4)}`
    if (type === Frame.RST_STREAM) return `stream ${id}: ${payload.readUInt32BE(0)}`
  }
  return undefined
}

const connection = (code: number): string => `connection ${code}`
const stream = (code: number, id = 1): string => `stream ${id}: ${code}`

describe('RFC 9113: what a client must not send', () => {
  it.each<[string, string, readonly Buffer[], string]>([
    [
      '4.2',
      'a DATA frame over 16384 bytes',
      [OPEN, data(1, Buffer.alloc(16_385))],
      connection(Code.FRAME_SIZE_ERROR),
    ],
    [
      '4.2',
      'a HEADERS frame over 16384 bytes',
      [headers(1, with_(['x-a', 'v'.repeat(16_384)]))],
      connection(Code.FRAME_SIZE_ERROR),
    ],
    [
      '4.3',
      'a block that is no HPACK',
      [frame(1, 5, 1, Buffer.from([0xbe]))],
      connection(Code.COMPRESSION_ERROR),
    ],
    ['4.3', 'PRIORITY inside a block', [HEADERS_ONLY, PRIORITY(1)], connection(Code.PROTOCOL_ERROR)],
    [
      '4.3',
      'HEADERS of another stream inside a block',
      [HEADERS_ONLY, headers(3, GET)],
      connection(Code.PROTOCOL_ERROR),
    ],
    ['5.1', 'DATA on an idle stream', [data(1, 'x')], connection(Code.PROTOCOL_ERROR)],
    ['5.1', 'RST_STREAM on an idle stream', [reset(1, Code.CANCEL)], connection(Code.PROTOCOL_ERROR)],
    ['5.1', 'WINDOW_UPDATE on an idle stream', [windowUpdate(1, 100)], connection(Code.PROTOCOL_ERROR)],
    ['5.1', 'CONTINUATION on an idle stream', [CONTINUATION(1, 4)], connection(Code.PROTOCOL_ERROR)],
    [
      '5.1',
      'DATA behind the end',
      [headers(1, [...POST.slice(0, 2), [':path', '/never'], ...POST.slice(3)]), data(1, 'x')],
      stream(Code.STREAM_CLOSED),
    ],
    [
      '5.1',
      'HEADERS behind the end',
      [headers(1, [...POST.slice(0, 2), [':path', '/never'], ...POST.slice(3)]), headers(1, [['x', 'y']])],
      stream(Code.STREAM_CLOSED),
    ],
    ['5.1', 'DATA behind a reset', [OPEN, reset(1, Code.CANCEL), data(1, 'x')], stream(Code.STREAM_CLOSED)],
    [
      '5.1',
      'HEADERS behind a reset',
      [OPEN, reset(1, Code.CANCEL), headers(1, GET)],
      stream(Code.STREAM_CLOSED),
    ],
    [
      '5.1',
      'CONTINUATION behind a reset',
      [OPEN, reset(1, Code.CANCEL), CONTINUATION(1, 4)],
      connection(Code.PROTOCOL_ERROR),
    ],
    ['5.1.1', 'a stream of an even number', [headers(2, GET)], connection(Code.PROTOCOL_ERROR)],
    [
      '5.1.1',
      'a stream with a number below one that was opened',
      [headers(5, GET), headers(3, GET)],
      connection(Code.PROTOCOL_ERROR),
    ],
    [
      '5.5',
      'a frame of unknown type inside a block',
      [HEADERS_ONLY, frame(0x16, 0, 0, PING_BODY)],
      connection(Code.PROTOCOL_ERROR),
    ],
    ['6.1', 'DATA on stream 0', [data(0, 'x')], connection(Code.PROTOCOL_ERROR)],
    [
      '6.1',
      'DATA with more padding than payload',
      [OPEN, padded(Frame.DATA, 200)],
      connection(Code.PROTOCOL_ERROR),
    ],
    ['6.2', 'HEADERS on stream 0', [headers(0, GET)], connection(Code.PROTOCOL_ERROR)],
    [
      '6.2',
      'HEADERS with more padding than payload',
      [padded(Frame.HEADERS, 200, 5)],
      connection(Code.PROTOCOL_ERROR),
    ],
    ['6.3', 'PRIORITY on stream 0', [PRIORITY(0)], connection(Code.PROTOCOL_ERROR)],
    ['6.3', 'PRIORITY of 4 bytes', [OPEN, PRIORITY(1, 4)], stream(Code.FRAME_SIZE_ERROR)],
    ['6.4', 'RST_STREAM on stream 0', [reset(0, Code.CANCEL)], connection(Code.PROTOCOL_ERROR)],
    [
      '6.4',
      'RST_STREAM of 3 bytes',
      [OPEN, frame(Frame.RST_STREAM, 0, 1, 'abc')],
      connection(Code.FRAME_SIZE_ERROR),
    ],
    [
      '6.5',
      'SETTINGS with ACK and payload',
      [frame(Frame.SETTINGS, 1, 0, Buffer.alloc(6))],
      connection(Code.FRAME_SIZE_ERROR),
    ],
    [
      '6.5',
      'SETTINGS on a stream',
      [frame(Frame.SETTINGS, 0, 1, Buffer.alloc(6))],
      connection(Code.PROTOCOL_ERROR),
    ],
    [
      '6.5',
      'SETTINGS of 5 bytes',
      [frame(Frame.SETTINGS, 0, 0, Buffer.alloc(5))],
      connection(Code.FRAME_SIZE_ERROR),
    ],
    ['6.5.2', 'ENABLE_PUSH 2', [settings([2, 2])], connection(Code.PROTOCOL_ERROR)],
    ['6.5.2', 'INITIAL_WINDOW_SIZE 2^31', [settings([4, 2 ** 31])], connection(Code.FLOW_CONTROL_ERROR)],
    ['6.5.2', 'MAX_FRAME_SIZE 16383', [settings([5, 16_383])], connection(Code.PROTOCOL_ERROR)],
    ['6.5.2', 'MAX_FRAME_SIZE 2^24', [settings([5, 2 ** 24])], connection(Code.PROTOCOL_ERROR)],
    [
      '6.6',
      'PUSH_PROMISE',
      [frame(Frame.PUSH_PROMISE, 4, 1, Buffer.concat([numbers([2, 4]), blockOf(GET)]))],
      connection(Code.PROTOCOL_ERROR),
    ],
    ['6.7', 'PING on a stream', [frame(Frame.PING, 0, 1, PING_BODY)], connection(Code.PROTOCOL_ERROR)],
    ['6.7', 'PING of 6 bytes', [frame(Frame.PING, 0, 0, 'abcdef')], connection(Code.FRAME_SIZE_ERROR)],
    [
      '6.8',
      'GOAWAY on a stream',
      [frame(Frame.GOAWAY, 0, 1, Buffer.alloc(8))],
      connection(Code.PROTOCOL_ERROR),
    ],
    ['6.9', 'WINDOW_UPDATE by 0', [windowUpdate(0, 0)], connection(Code.PROTOCOL_ERROR)],
    ['6.9', 'WINDOW_UPDATE by 0 on a stream', [OPEN, windowUpdate(1, 0)], stream(Code.PROTOCOL_ERROR)],
    [
      '6.9',
      'WINDOW_UPDATE of 3 bytes',
      [frame(Frame.WINDOW_UPDATE, 0, 0, 'abc')],
      connection(Code.FRAME_SIZE_ERROR),
    ],
    [
      '6.9.1',
      'a window of the connection over 2^31-1',
      [windowUpdate(0, 2 ** 31 - 1), windowUpdate(0, 2 ** 31 - 1)],
      connection(Code.FLOW_CONTROL_ERROR),
    ],
    [
      '6.9.1',
      'a window of a stream over 2^31-1',
      [OPEN, windowUpdate(1, 2 ** 31 - 1), windowUpdate(1, 2 ** 31 - 1)],
      stream(Code.FLOW_CONTROL_ERROR),
    ],
    [
      '6.9.2',
      'an initial window that makes one of a stream too large',
      [OPEN, windowUpdate(1, 2 ** 31 - 1 - 65_535), settings([4, 65_536])],
      connection(Code.FLOW_CONTROL_ERROR),
    ],
    ['6.10', 'CONTINUATION on stream 0', [HEADERS_ONLY, CONTINUATION(0, 4)], connection(Code.PROTOCOL_ERROR)],
    [
      '6.10',
      'CONTINUATION of another stream',
      [HEADERS_ONLY, CONTINUATION(3, 4)],
      connection(Code.PROTOCOL_ERROR),
    ],
    [
      '6.10',
      'CONTINUATION behind the end of a block',
      [OPEN, CONTINUATION(1, 4)],
      connection(Code.PROTOCOL_ERROR),
    ],
    [
      '8.1',
      'a second HEADERS frame that does not end the stream',
      [OPEN, headers(1, [['x-a', 'b']], 0)],
      stream(Code.PROTOCOL_ERROR),
    ],
    [
      '8.1',
      'a pseudo-header in trailers',
      [OPEN, headers(1, [[':method', 'GET']])],
      stream(Code.PROTOCOL_ERROR),
    ],
    [
      '8.1.1',
      'a content-length other than that of the body',
      [headers(1, [...POST, ['content-length', '1']], 0), data(1, 'xy', 1)],
      stream(Code.PROTOCOL_ERROR),
    ],
    [
      '8.1.1',
      'a content-length beyond the body',
      [headers(1, [...POST, ['content-length', '3']], 0), data(1, 'x'), data(1, 'y', 1)],
      stream(Code.PROTOCOL_ERROR),
    ],
    [
      '8.1.1',
      'a content-length and no body',
      [headers(1, [...POST, ['content-length', '3']])],
      stream(Code.PROTOCOL_ERROR),
    ],
    [
      '8.1.1',
      'a content-length beyond the body, trailers behind it',
      [headers(1, [...POST, ['content-length', '3']], 0), data(1, 'x'), headers(1, [['x-a', 'b']])],
      stream(Code.PROTOCOL_ERROR),
    ],
    [
      '8.1.1',
      'two content-lengths',
      [headers(1, [...POST, ['content-length', '0'], ['content-length', '0']])],
      stream(Code.PROTOCOL_ERROR),
    ],
    ['8.2.1', 'a name with a capital', [headers(1, with_(['X-a', 'b']))], stream(Code.PROTOCOL_ERROR)],
    ['8.2.1', 'a name with a blank', [headers(1, with_(['x a', 'b']))], stream(Code.PROTOCOL_ERROR)],
    ['8.2.1', 'an empty name', [headers(1, with_(['', 'b']))], stream(Code.PROTOCOL_ERROR)],
    ['8.2.1', 'a value with CR LF', [headers(1, with_(['x-a', 'b\r\nx-c: d']))], stream(Code.PROTOCOL_ERROR)],
    ['8.2.1', 'a value with NUL', [headers(1, with_(['x-a', 'b\0c']))], stream(Code.PROTOCOL_ERROR)],
    [
      '8.2.1',
      'a value with a blank before it',
      [headers(1, with_(['x-a', ' b']))],
      stream(Code.PROTOCOL_ERROR),
    ],
    ...['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade'].map(
      name =>
        ['8.2.2', name, [headers(1, with_([name, 'x']))], stream(Code.PROTOCOL_ERROR)] as [
          string,
          string,
          Buffer[],
          string,
        ],
    ),
    ['8.2.2', 'te other than trailers', [headers(1, with_(['te', 'gzip']))], stream(Code.PROTOCOL_ERROR)],
    ['8.3', 'an unknown pseudo-header', [headers(1, with_([':test', 'x']))], stream(Code.PROTOCOL_ERROR)],
    [
      '8.3',
      'a pseudo-header of responses',
      [headers(1, with_([':status', '200']))],
      stream(Code.PROTOCOL_ERROR),
    ],
    [
      '8.3',
      'a pseudo-header behind others',
      [headers(1, [...without(':path'), ['x-a', 'b'], [':path', '/']])],
      stream(Code.PROTOCOL_ERROR),
    ],
    ...[':method', ':scheme', ':path'].flatMap(name => [
      ['8.3.1', `no ${name}`, [headers(1, without(name))], stream(Code.PROTOCOL_ERROR)] as [
        string,
        string,
        Buffer[],
        string,
      ],
      [
        '8.3.1',
        `two of ${name}`,
        [headers(1, [...GET, ...GET.filter(([each]) => each === name)])],
        stream(Code.PROTOCOL_ERROR),
      ] as [string, string, Buffer[], string],
    ]),
    [
      '8.3.1',
      'an empty :path',
      [headers(1, [...without(':path'), [':path', '']])],
      stream(Code.PROTOCOL_ERROR),
    ],
    [
      '8.3.1',
      'a :path that does not begin with a slash',
      [headers(1, [...without(':path'), [':path', 'x']])],
      stream(Code.PROTOCOL_ERROR),
    ],
    [
      '8.3.1',
      'a :path with a blank',
      [headers(1, [...without(':path'), [':path', '/a b']])],
      stream(Code.PROTOCOL_ERROR),
    ],
    [
      '8.3.1',
      'an :authority with a user',
      [headers(1, [...without(':authority'), [':authority', 'me@books.shop']])],
      stream(Code.PROTOCOL_ERROR),
    ],
    [
      '8.3.1',
      'a host other than :authority',
      [headers(1, with_(['host', 'other.shop']))],
      stream(Code.PROTOCOL_ERROR),
    ],
    [
      '8.3.1',
      'two hosts',
      [headers(1, with_(['host', 'books.shop'], ['host', 'books.shop']))],
      stream(Code.PROTOCOL_ERROR),
    ],
    [
      '8.5',
      'CONNECT with a path',
      [headers(1, [[':method', 'CONNECT'], ...GET.slice(1)])],
      stream(Code.PROTOCOL_ERROR),
    ],
  ])('%s: %s', async (_, __, frames, expected) => {
    const { rig, client } = await start()
    client.write(...frames)
    expect(await client.until(verdict)).toBe(expected)
    // Whatever it was, others are still served.
    const other = closing(await rawHttp2(rig.outbound))
    other.write(headers(1, GET))
    expect((await other.untilFrame(Frame.HEADERS, 1))?.fields[':status']).toBe('204')
    if (expected.startsWith('connection')) {
      await client.untilClosed()
      return
    }
    client.write(headers(7, GET))
    expect((await client.untilFrame(Frame.HEADERS, 7))?.fields[':status']).toBe('204')
  })

  it('3.4: another preface', async () => {
    const { rig } = await start()
    const client = closing(await rawHttp2(rig.outbound, [Buffer.from('PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n')]))
    expect(await client.until(verdict)).toBe(connection(Code.PROTOCOL_ERROR))
    await client.untilClosed()
  })

  it('3.4: a first frame that is no SETTINGS frame', async () => {
    const { rig } = await start()
    const client = closing(await rawHttp2(rig.outbound, [Frame.PREFACE, PING]))
    expect(await client.until(verdict)).toBe(connection(Code.PROTOCOL_ERROR))
    await client.untilClosed()
  })
})

describe('RFC 9113: what a client may send', () => {
  it.each<[string, string, readonly Buffer[]]>([
    ['3.4', 'only what it must', [headers(1, GET)]],
    ['4.1', 'frames of unknown type', [frame(0x16, 0xff, 0, PING_BODY), frame(0x17, 0, 9), headers(1, GET)]],
    [
      '4.1',
      'unknown flags and the reserved bit',
      [frame(Frame.HEADERS, 0x5 | (0xd2 & ~Frame.HAS_PRIORITY & ~Frame.PADDED), 1 + 2 ** 31, blockOf(GET))],
    ],
    ['4.2', 'DATA of 16384 bytes', [OPEN, data(1, Buffer.alloc(16_384), 1)]],
    [
      '4.3',
      'a block in many pieces',
      [
        HEADERS_ONLY,
        ...[...REST_OF_HEADERS].map(byte => CONTINUATION(1, 0, Buffer.from([byte]))),
        CONTINUATION(1, 4, Buffer.alloc(0)),
      ],
    ],
    ['5.3', 'PRIORITY of any stream', [PRIORITY(1), PRIORITY(9), headers(1, GET), PRIORITY(1)]],
    [
      '6.1',
      'padding in DATA',
      [
        OPEN,
        frame(Frame.DATA, 9, 1, Buffer.concat([Buffer.from([5]), Buffer.from('body'), Buffer.alloc(5)])),
      ],
    ],
    [
      '6.1',
      'DATA that is all padding',
      [OPEN, frame(Frame.DATA, 8, 1, Buffer.alloc(256, 255)), data(1, '', 1)],
    ],
    [
      '6.2',
      'padding and priority in HEADERS',
      [
        frame(
          Frame.HEADERS,
          0x2d,
          1,
          Buffer.concat([Buffer.from([3, 0, 0, 0, 0, 9]), blockOf(GET), Buffer.alloc(3)]),
        ),
      ],
    ],
    ['6.5.2', 'unknown settings', [settings([0x99, 7], [3, 0], [6, 10]), headers(1, GET)]],
    [
      '6.5.3',
      'a window of 0, and more afterwards',
      [settings([4, 0]), headers(1, GET), settings([4, 65_535])],
    ],
    [
      '6.9',
      'WINDOW_UPDATE of a stream that is over',
      [headers(1, GET), reset(1, 8), windowUpdate(1, 9), headers(3, GET)],
    ],
    ['8.1', 'trailers', [OPEN, data(1, 'body'), headers(1, [['x-sum', '4']])]],
    ['8.2.2', 'te: trailers', [headers(1, with_(['te', 'trailers']))]],
    ['8.2.3', 'a cookie in pieces', [headers(1, with_(['cookie', 'a=b'], ['cookie', 'c=d']))]],
    ['8.3.1', 'a host and no :authority', [headers(1, [...without(':authority'), ['host', 'books.shop']])]],
    ['8.3.1', 'both, alike', [headers(1, with_(['host', 'BOOKS.shop:80']))]],
    [
      '8.3.1',
      'OPTIONS *',
      [
        headers(1, [
          [':method', 'OPTIONS'],
          [':scheme', 'http'],
          [':path', '*'],
          [':authority', 'books.shop'],
        ]),
      ],
    ],
  ])('%s: %s', async (_, __, frames) => {
    const { client } = await start()
    client.write(...frames)
    const answered = await client.until(all => all.find(({ type }) => type === Frame.HEADERS))
    expect(answered?.fields[':status']).toBe('204')
  })

  it('6.5.3: SETTINGS are acknowledged, 6.7: PING is answered with its own bytes, an answer with nothing', async () => {
    const { client } = await start()
    client.write(frame(Frame.PING, Frame.ACK, 0, 'answered'), PING)
    expect((await client.untilFrame(Frame.PING, 0, Frame.ACK))?.payload).toEqual(PING_BODY)
    await client.untilFrame(Frame.SETTINGS, 0, Frame.ACK)
    expect(client.frames.filter(({ type }) => type === Frame.PING)).toHaveLength(1)
  })

  it('a head byte by byte', async () => {
    const { client } = await start()
    for (const byte of headers(1, GET)) {
      client.socket.write(Buffer.from([byte]))
      await new Promise(resolve => setImmediate(resolve))
    }
    expect((await client.untilFrame(Frame.HEADERS, 1))?.fields[':status']).toBe('204')
  })
})
