import { createServer } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import type { ClusterSettings } from '../../model/sidecar-config.ts'
import { closedAfterEach } from '../testing/cleanup.ts'
import { startApp, startTcpApp } from '../testing/echo-app.ts'
import { http2Client, startHttp2App } from '../testing/http2-peers.ts'
import {
  data,
  frame,
  GET,
  headers,
  type Lines,
  numbers,
  POST,
  RawFrames,
  rawHttp2,
  reset,
  settings,
} from '../testing/raw-frames.ts'
import { booksOn, booksWith, eventually, startRig } from '../testing/rig.ts'
import * as Code from './error-code.ts'
import * as Frame from './frame.ts'

const closing = closedAfterEach()
const sockets: RawFrames[] = []
afterEach(async () => void (await Promise.all(sockets.splice(0).map(each => each.close()))))

/** A server that says just the frames of the test; each connection begins with the preface. */
async function rawServer(
  take: (frames: RawFrames, index: number) => void,
): Promise<{ readonly port: number }> {
  return closing(
    await startTcpApp((socket, index) => {
      const frames = new RawFrames(socket, Frame.PREFACE.length)
      sockets.push(frames)
      take(frames, index)
    }),
  )
}

const GRPC: Lines = [...POST, ['content-type', 'application/grpc'], ['te', 'trailers']]

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise<void>(resolve => server.close(() => resolve()))
  return typeof address === 'object' && address !== null ? address.port : 0
}

describe('an exchange that cannot be', () => {
  it('is answered with a status and a reason', async () => {
    const rig = closing(await startRig({ ...booksOn(await freePort()), egress: false }))
    const client = closing(await http2Client(rig.outbound))
    const refused = await client.ask()
    expect([refused.status, refused.headers['x-kiseki-reason'], refused.body.toString()]).toEqual([
      502,
      'connect-failed',
      'cannot connect to the endpoint\n',
    ])
    const unknown = await client.ask({ headers: { ':authority': 'nowhere.shop' } })
    expect([unknown.status, unknown.headers['x-kiseki-reason']]).toEqual([403, 'egress-off'])
    const head = await client.ask({ headers: { ':method': 'HEAD', ':authority': 'nowhere.shop' } })
    expect([head.status, head.body.length]).toEqual([403, 0])
    // A body on its way is no hindrance.
    const posted = await client.ask({
      headers: { ':authority': 'nowhere.shop' },
      body: Buffer.alloc(500_000),
    })
    expect([posted.status, posted.code]).toEqual([403, 0])
    await rig.stopSidecar()
    expect(rig.collector.spans.map(({ tags }) => [tags['http.status_code'], tags['error']])).toEqual([
      ['502', 'cannot connect to the endpoint'],
      ['403', 'the mesh does not know the host, and egress is off'],
      ['403', 'the mesh does not know the host, and egress is off'],
      ['403', 'the mesh does not know the host, and egress is off'],
    ])
  })

  it('is answered in the words of gRPC where it is a call', async () => {
    const rig = closing(await startRig({ ...booksOn(await freePort()), egress: false }))
    const client = closing(await rawHttp2(rig.outbound))
    client.write(headers(1, GRPC, 0))
    const refused = await client.untilFrame(Frame.HEADERS, 1, Frame.END_STREAM)
    expect(refused?.fields).toMatchObject({
      ':status': '200',
      'content-type': 'application/grpc',
      'grpc-status': '14',
      'grpc-message': 'cannot connect to the endpoint',
      'x-kiseki-reason': 'connect-failed',
    })
    expect((await client.untilFrame(Frame.RST_STREAM, 1))?.payload.readUInt32BE(0)).toBe(Code.NO_ERROR)
    client.write(
      headers(
        3,
        GRPC.map(([name, value]) => [name, name === ':authority' ? 'nowhere.shop' : value]),
      ),
    )
    expect((await client.untilFrame(Frame.HEADERS, 3))?.fields['grpc-status']).toBe('7')
    await rig.stopSidecar()
    expect(rig.collector.spans[0]?.tags).toMatchObject({
      'http.protocol': 'HTTP/2',
      'http.status_code': '200',
      'rpc.system': 'grpc',
      'grpc.status_code': '14',
      'grpc.message': 'cannot connect to the endpoint',
      error: 'cannot connect to the endpoint',
    })
  })

  it('says so where the endpoint speaks HTTP/1 only', async () => {
    const app = closing(await startApp())
    const rig = closing(await startRig(booksOn(app.port)))
    const client = closing(await http2Client(rig.outbound))
    const answer = await client.ask()
    expect([answer.status, answer.headers['x-kiseki-reason']]).toEqual([502, 'not-http2'])
  })

  it('is refused with 431 where its head is too large, the connection goes on', async () => {
    const app = closing(await startHttp2App())
    const rig = closing(await startRig(booksOn(app.port)))
    const client = closing(await rawHttp2(rig.outbound))
    const long = Array.from({ length: 80 }, (_, at) => [`x-${at}`, 'v'.repeat(1000)] as const)
    const pieces = [...GET, ...long].map(line => line)
    const whole = headers(1, pieces).subarray(Frame.FRAME_HEAD_BYTES)
    client.write(frame(Frame.HEADERS, Frame.END_STREAM, 1, whole.subarray(0, 16_000)))
    for (let at = 16_000; at < whole.length; at += 16_000) {
      const last = at + 16_000 >= whole.length
      client.write(
        frame(Frame.CONTINUATION, last ? Frame.END_HEADERS : 0, 1, whole.subarray(at, at + 16_000)),
      )
    }
    expect((await client.untilFrame(Frame.HEADERS, 1))?.fields[':status']).toBe('431')
    client.write(headers(3, [...GET, ...Array.from({ length: 200 }, (_, at) => [`x-${at}`, ''] as const)]))
    expect((await client.untilFrame(Frame.HEADERS, 3))?.fields[':status']).toBe('431')
    client.write(headers(7, GET))
    expect((await client.untilFrame(Frame.HEADERS, 7))?.fields[':status']).toBe('200')
  })
})

describe('an endpoint that fails', () => {
  it.each<[string, Buffer[], string, string]>([
    ['no SETTINGS', [headers(1, [[':status', '200']])], '502', 'not-http2'],
    ['a head without status', [settings(), headers(1, [['x-a', 'b']])], '502', 'response-malformed'],
    [
      'a capital in a name',
      [
        settings(),
        headers(1, [
          [':status', '200'],
          ['X-A', 'b'],
        ]),
      ],
      '502',
      'response-malformed',
    ],
    [
      'a field of connections',
      [
        settings(),
        headers(1, [
          [':status', '200'],
          ['connection', 'close'],
        ]),
      ],
      '502',
      'response-malformed',
    ],
    ['101', [settings(), headers(1, [[':status', '101']], 0)], '502', 'response-malformed'],
    ['an end behind 103', [settings(), headers(1, [[':status', '103']])], '502', 'response-malformed'],
    ['data before the head', [settings(), data(1, 'x')], '502', 'response-malformed'],
    ['a reset', [settings(), reset(1, Code.INTERNAL_ERROR)], '502', 'upstream-reset'],
    [
      'a malformed block',
      [settings(), frame(Frame.HEADERS, 5, 1, Buffer.from([0x80]))],
      '502',
      'response-malformed',
    ],
    [
      'PUSH_PROMISE',
      [settings(), frame(Frame.PUSH_PROMISE, 4, 1, numbers([2, 4]))],
      '502',
      'response-malformed',
    ],
    [
      'a length that its response does not have',
      [
        settings(),
        headers(1, [
          [':status', '204'],
          ['content-length', '3'],
        ]),
      ],
      '204',
      '',
    ],
  ])('with %s', async (_, frames, status, reason) => {
    const server = await rawServer(
      peer => void peer.untilFrame(Frame.HEADERS, 1).then(() => peer.write(...frames)),
    )
    const rig = closing(await startRig(booksOn(server.port)))
    const client = closing(await rawHttp2(rig.outbound))
    client.write(headers(1, POST))
    const { fields = {} } = (await client.untilFrame(Frame.HEADERS, 1)) ?? {}
    expect([fields[':status'], fields['x-kiseki-reason'] ?? '']).toEqual([status, reason])
  })

  it.each<[string, (peer: RawFrames) => void, number]>([
    ['a reset', peer => peer.write(reset(1, Code.ENHANCE_YOUR_CALM)), Code.ENHANCE_YOUR_CALM],
    [
      'a reset for reasons of its connection',
      peer => peer.write(reset(1, Code.FLOW_CONTROL_ERROR)),
      Code.INTERNAL_ERROR,
    ],
    ['a closed connection', peer => void peer.socket.end(), Code.INTERNAL_ERROR],
    ['less than it promised', peer => peer.write(data(1, 'x', Frame.END_STREAM)), Code.INTERNAL_ERROR],
    ['more than it promised', peer => peer.write(data(1, 'x'.repeat(20))), Code.INTERNAL_ERROR],
  ])('in the middle of its response, by %s, is seen as a reset', async (_, end, code) => {
    const server = await rawServer(
      peer =>
        void peer.untilFrame(Frame.HEADERS, 1).then(() => {
          peer.write(
            settings(),
            headers(
              1,
              [
                [':status', '200'],
                ['content-length', '10'],
              ],
              0,
            ),
          )
        }),
    )
    const rig = closing(await startRig(booksOn(server.port)))
    const client = closing(await rawHttp2(rig.outbound))
    client.write(headers(1, GET))
    await client.untilFrame(Frame.HEADERS, 1)
    end(sockets[0] as RawFrames)
    expect((await client.untilFrame(Frame.RST_STREAM, 1))?.payload.readUInt32BE(0)).toBe(code)
    await rig.stopSidecar()
    expect(rig.collector.spans[0]?.tags['error']).toBeDefined()
  })
})

describe('a request that was not processed', () => {
  it.each<[string, (peer: RawFrames) => void, ClusterSettings]>([
    ['refused', peer => peer.write(reset(1, Code.REFUSED_STREAM)), {}],
    [
      'beyond the last stream of GOAWAY',
      peer => peer.write(frame(Frame.GOAWAY, 0, 0, numbers([0, 4], [0, 4]))),
      // It costs nothing of the budget.
      { maxRetries: 0 },
    ],
  ])('because it was %s is sent again, body and all, each time with a span', async (_, refuse, limits) => {
    const served: RawFrames[] = []
    let first = true
    const server = await rawServer(peer => {
      const serve = (id: number): void =>
        void peer.untilFrame(Frame.DATA, id, Frame.END_STREAM).then(found => {
          if (found === undefined) return
          if (first) {
            first = false
            refuse(peer)
            serve(3)
            return
          }
          served.push(peer)
          peer.write(headers(id, [[':status', '200']]))
        })
      peer.write(settings())
      serve(1)
    })
    const rig = closing(await startRig(booksWith(limits, server.port)))
    const client = closing(await rawHttp2(rig.outbound))
    client.write(headers(1, POST, 0), data(1, 'whole '), data(1, 'body', Frame.END_STREAM))
    expect((await client.untilFrame(Frame.HEADERS, 1))?.fields[':status']).toBe('200')
    const bodies = served[0]?.frames.filter(({ type, payload }) => type === Frame.DATA && payload.length > 0)
    expect(Buffer.concat(bodies?.slice(-1).map(({ payload }) => payload) ?? []).toString()).toContain('body')
    await rig.stopSidecar()
    const { spans } = rig.collector
    expect(spans).toHaveLength(2)
    expect(spans[0]?.tags['error']).toContain('sent again')
    expect(spans[1]?.tags['error']).toBeUndefined()
    expect(new Set(spans.map(({ id }) => id)).size).toBe(2)
    expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1)
  })

  it('because its connection was dead all the time is sent again once, if that does no harm', async () => {
    const server = await rawServer((peer, index) => {
      const serve = (id: number, then: () => void): void =>
        void peer.untilFrame(Frame.HEADERS, id).then(found => found && then())
      peer.write(settings())
      serve(1, () => peer.write(headers(1, [[':status', '200']])))
      // What came by the first connection before is no sign of life.
      if (index === 0) serve(3, () => peer.socket.destroy())
      else serve(3, () => peer.write(headers(3, [[':status', '200']])))
    })
    const rig = closing(await startRig(booksWith({ maxRetries: 0 }, server.port)))
    const client = closing(await rawHttp2(rig.outbound))
    client.write(headers(1, GET))
    await client.untilFrame(Frame.HEADERS, 1)
    // The acknowledgement of SETTINGS is on its way until then.
    await eventually(
      () => sockets[0]?.frames.some(({ type, id }) => type === Frame.HEADERS && id === 1) ?? false,
    )
    client.write(headers(3, GET))
    expect((await client.untilFrame(Frame.HEADERS, 3))?.fields[':status']).toBe('200')
    client.write(headers(5, GET))
    expect((await client.untilFrame(Frame.HEADERS, 5))?.fields[':status']).toBe('200')
    await rig.stopSidecar()
    expect(rig.collector.spans.map(({ tags }) => tags['error'])).toEqual([
      undefined,
      'the idle connection was closed; sent again',
      undefined,
      undefined,
    ])
  })

  it('is not sent for ever', async () => {
    const server = await rawServer(peer => {
      peer.write(settings())
      for (const id of [1, 3, 5]) {
        void peer
          .untilFrame(Frame.HEADERS, id)
          .then(found => found && peer.write(reset(id, Code.REFUSED_STREAM)))
      }
    })
    const rig = closing(await startRig(booksOn(server.port)))
    const client = closing(await rawHttp2(rig.outbound))
    client.write(headers(1, GET))
    expect((await client.untilFrame(Frame.HEADERS, 1))?.fields['x-kiseki-reason']).toBe('upstream-refused')
  })
})

describe('timeouts', () => {
  it('say whose fault it was', async () => {
    const app = closing(await startHttp2App(() => undefined))
    const rig = closing(await startRig({ ...booksOn(app.port), timeoutMillis: 300 }))
    const client = closing(await rawHttp2(rig.outbound))
    client.write(headers(1, GET), headers(3, POST, 0), headers(5, GRPC))
    expect((await client.untilFrame(Frame.HEADERS, 1))?.fields).toMatchObject({
      ':status': '504',
      'x-kiseki-reason': 'response-timeout',
    })
    expect((await client.untilFrame(Frame.HEADERS, 3))?.fields).toMatchObject({
      ':status': '408',
      'x-kiseki-reason': 'request-timeout',
    })
    expect((await client.untilFrame(Frame.HEADERS, 5))?.fields).toMatchObject({ 'grpc-status': '4' })
    expect((await client.untilFrame(Frame.RST_STREAM, 3))?.payload.readUInt32BE(0)).toBe(Code.NO_ERROR)
  })

  it('end a response that its client never reads', async () => {
    const app = closing(
      await startHttp2App(stream => {
        stream.respond({ ':status': 200 })
        stream.end(Buffer.alloc(100_000))
      }),
    )
    const rig = closing(await startRig({ ...booksOn(app.port), timeoutMillis: 300 }))
    const client = closing(await rawHttp2(rig.outbound, [Frame.PREFACE, settings([4, 10])]))
    client.write(headers(1, GET))
    expect((await client.untilFrame(Frame.RST_STREAM, 1))?.payload.readUInt32BE(0)).toBe(Code.CANCEL)
    await rig.stopSidecar()
    expect(rig.collector.spans[0]?.tags['error']).toBe('the client stopped reading the response')
  })

  it('end a connection that is idle, with a GOAWAY before', async () => {
    const rig = closing(await startRig({ timeoutMillis: 200 }))
    const client = closing(await rawHttp2(rig.outbound))
    await client.untilFrame(Frame.GOAWAY, 0)
    const farewell = await client.untilFrame(Frame.PING, 0)
    client.write(frame(Frame.PING, Frame.ACK, 0, farewell?.payload))
    await client.until(frames =>
      frames.filter(({ type }) => type === Frame.GOAWAY).length === 2 ? true : undefined,
    )
    await client.untilClosed()
  })
})

describe('a client that goes away', () => {
  it('by a reset ends its request at the endpoint, others go on', async () => {
    const app = closing(await startHttp2App(stream => void (stream.readableEnded || undefined)))
    const rig = closing(await startRig(booksOn(app.port)))
    const client = closing(await rawHttp2(rig.outbound))
    const codes: number[] = []
    app.server.on('stream', stream => void stream.on('close', () => codes.push(stream.rstCode)))
    client.write(headers(1, POST, 0), headers(3, POST, 0))
    await eventually(() => app.requests.length === 2)
    client.write(reset(1, Code.CANCEL))
    await eventually(() => codes.length === 1)
    expect(codes).toEqual([Code.CANCEL])
    await client.close()
    await eventually(() => codes.length === 2)
    await rig.stopSidecar()
    expect(rig.collector.spans.map(({ tags }) => tags['error'])).toEqual([
      'the client went away before the response was complete',
      'the client went away before the response was complete',
    ])
  })
})
