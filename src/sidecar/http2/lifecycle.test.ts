import { constants } from 'node:http2'
import { connect } from 'node:net'
import { describe, expect, it } from 'vitest'
import { closedAfterEach } from '../testing/cleanup.ts'
import { http2Client, type StreamHandler, startHttp2App } from '../testing/http2-peers.ts'
import { rawClient } from '../testing/raw-client.ts'
import { frame, GET, headers, RawFrames, rawHttp2, settings } from '../testing/raw-frames.ts'
import { booksOn, booksWith, clusterOf, eventually, type Rig, startRig } from '../testing/rig.ts'
import * as Frame from './frame.ts'

const closing = closedAfterEach()

/** Answers GET at once with its head as JSON; POST waits for `release`. */
function holdingApp(): { readonly handle: StreamHandler; release(): void } {
  const held: (() => void)[] = []
  return {
    handle: (stream, head) => {
      const answer = (): void => {
        if (stream.destroyed) return
        stream.respond({ ':status': 200 })
        stream.end(JSON.stringify(head))
      }
      if (head[':method'] === 'GET') answer()
      else held.push(answer)
    },
    release: () => {
      for (const answer of held.splice(0)) answer()
    },
  }
}

async function spansOf(rig: Rig): Promise<Rig['collector']['spans']> {
  await rig.stopSidecar()
  return rig.collector.spans
}

describe('HTTP/2 inside CONNECT', () => {
  it('is read and goes where the tunnel leads', async () => {
    const app = closing(await startHttp2App(holdingApp().handle))
    const rig = closing(await startRig(booksOn(app.port)))
    const tunnel = await rawClient(
      rig.outbound,
      'CONNECT books.shop:80 HTTP/1.1\r\nHost: books.shop:80\r\n\r\n',
    )
    await tunnel.until('\r\n\r\n')
    tunnel.socket.removeAllListeners('data')
    const client = closing(await http2Client(0, tunnel.socket))
    const answer = await client.ask({ headers: { ':authority': 'other.name' } })
    expect(answer.status).toBe(200)
    await client.close()
    expect((await spansOf(rig))[0]?.tags).toMatchObject({
      'http.protocol': 'HTTP/2',
      'http.url': 'http://other.name/',
      upstream_cluster: 'shop/books|80',
    })
  })
})

describe('HTTP/2 from other pods', () => {
  it('goes to the port that the PROXY line names, and to the only one without it', async () => {
    const app = closing(await startHttp2App(holdingApp().handle))
    const rig = closing(await startRig({ inbound: { '9001': { appPort: app.port } } }))
    const line = Buffer.from('PROXY TCP4 10.1.2.3 10.9.9.9 4711 9001\r\n')
    for (const first of [line, Buffer.alloc(0)]) {
      const client = closing(await rawHttp2(rig.inbound, [first, Frame.PREFACE, settings(), headers(1, GET)]))
      expect((await client.untilFrame(Frame.HEADERS, 1))?.fields[':status']).toBe('200')
    }
    const spans = await spansOf(rig)
    expect(spans[0]).toMatchObject({
      kind: 'SERVER',
      remoteEndpoint: { ipv4: '10.1.2.3', port: 4711 },
      tags: { 'http.protocol': 'HTTP/2', upstream_cluster: 'shop/shop|9001|local' },
    })
    expect(spans[1]?.remoteEndpoint?.ipv4).toBe('127.0.0.1')
  })
})

describe('trace headers', () => {
  it('are taken out and written anew, the context goes on', async () => {
    const app = closing(await startHttp2App(holdingApp().handle))
    const rig = closing(await startRig(booksOn(app.port)))
    const client = closing(await http2Client(rig.outbound))
    const trace = '463ac35c9f6413ad48485a3953bb6124'
    const came: Record<string, string>[] = [
      { 'x-b3-traceid': trace, 'x-b3-spanid': 'a2fb4a1d1a96d312', 'x-b3-sampled': '1' },
      { b3: `${trace}-a2fb4a1d1a96d312-1` },
      { traceparent: `00-${trace}-a2fb4a1d1a96d312-01`, tracestate: 'a=b' },
      {},
    ]
    for (const sent of came) {
      const { body } = await client.ask({ headers: sent })
      const head = JSON.parse(body.toString())
      const [first] = Object.keys(sent)
      const id = first === undefined ? head['x-b3-traceid'] : trace
      expect(head['x-b3-traceid']).toBe(id)
      expect(head['x-b3-sampled']).toBe('1')
      expect(head['x-request-id']).toMatch(/^[0-9a-f-]{36}$/)
      expect(head['x-b3-parentspanid']).toBe(first === undefined ? undefined : 'a2fb4a1d1a96d312')
      expect(head['traceparent']).toBe(`00-${id}-${head['x-b3-spanid']}-${first === undefined ? '03' : '01'}`)
      expect(head['b3'] === undefined).toBe(first !== 'b3')
      expect(head['tracestate']).toBe(sent['tracestate'])
    }
    const spans = await spansOf(rig)
    expect(spans.map(({ parentId }) => parentId)).toEqual([...Array(3).fill('a2fb4a1d1a96d312'), undefined])
    expect(spans[0]?.tags).toMatchObject({
      'http.method': 'GET',
      'http.status_code': '200',
      request_size: '0',
    })
    expect(spans[0]?.name).toBe('GET /')
  })

  it('pass untouched while tracing is off', async () => {
    const app = closing(await startHttp2App(holdingApp().handle))
    const rig = closing(await startRig({ ...booksOn(app.port), tracing: false }))
    const client = closing(await http2Client(rig.outbound))
    const { body } = await client.ask({ headers: { b3: '0', 'x-own': 'y' } })
    expect(JSON.parse(body.toString())).toMatchObject({ b3: '0', 'x-own': 'y' })
    expect(body.toString()).not.toContain('traceid')
  })
})

describe('connections to an endpoint', () => {
  it('are shared by clients, and more are made where the endpoint allows few streams on each', async () => {
    const holding = holdingApp()
    const app = closing(await startHttp2App(holding.handle, { maxConcurrentStreams: 4 }))
    const rig = closing(await startRig(booksOn(app.port)))
    const clients = [closing(await http2Client(rig.outbound)), closing(await http2Client(rig.outbound))]
    // Each knows the limit once it has answered.
    await Promise.all(clients.map(client => client.ask()))
    expect(app.sessions).toHaveLength(1)
    const answers = clients.flatMap(client =>
      Array.from({ length: 5 }, () => client.ask({ body: Buffer.from('x') })),
    )
    await eventually(() => app.requests.length >= 2 + 10)
    expect(app.sessions.length).toBeGreaterThan(1)
    holding.release()
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual(Array(10).fill(200))
  })

  it('are bounded: who finds no stream waits for one', async () => {
    const holding = holdingApp()
    const app = closing(await startHttp2App(holding.handle, { maxConcurrentStreams: 1 }))
    const rig = closing(await startRig(booksWith({ maxConnections: 3 }, app.port)))
    const client = closing(await http2Client(rig.outbound))
    await client.ask()
    const answers = Array.from({ length: 60 }, () => client.ask({ body: Buffer.from('waited') }))
    let done = false
    void Promise.all(answers).then(() => (done = true))
    await eventually(() => {
      holding.release()
      return done
    })
    expect((await Promise.all(answers)).every(({ status }) => status === 200)).toBe(true)
    expect(app.sessions.length).toBe(3)
  })

  it('that the endpoint takes leave from are not used again, what runs on them ends', async () => {
    const holding = holdingApp()
    const app = closing(await startHttp2App(holding.handle))
    const rig = closing(await startRig(booksOn(app.port)))
    const client = closing(await http2Client(rig.outbound))
    const slow = client.ask({ body: Buffer.from('x') })
    await eventually(() => app.requests.length === 1)
    app.sessions[0]?.goaway(constants.NGHTTP2_NO_ERROR)
    await eventually(() => app.sessions.length === 1)
    expect((await client.ask()).status).toBe(200)
    holding.release()
    expect((await slow).status).toBe(200)
  })

  it('are closed when no configuration names the endpoint any more', async () => {
    const holding = holdingApp()
    const apps = [closing(await startHttp2App(holding.handle)), closing(await startHttp2App(holding.handle))]
    const [one, two] = apps
    const rig = closing(await startRig(booksOn(one?.port ?? 0)))
    const client = closing(await http2Client(rig.outbound))
    const slow = client.ask({ body: Buffer.from('x') })
    await eventually(() => one?.requests.length === 1)
    await rig.reconfigure({ ...booksOn(1), clusters: { 'shop/books|80': clusterOf(two?.port ?? 0) } })
    expect((await client.ask()).status).toBe(200)
    expect(two?.requests).toHaveLength(1)
    expect(one?.sessions[0]?.closed).toBe(false)
    holding.release()
    expect((await slow).status).toBe(200)
    await eventually(() => one?.sessions[0]?.closed === true)
  })
})

describe('a sidecar that stops', () => {
  it('says so, lets what runs end, and takes what was on its way', async () => {
    const holding = holdingApp()
    const app = closing(await startHttp2App(holding.handle))
    const rig = closing(await startRig({ ...booksOn(app.port), graceMillis: 5000 }))
    const client = closing(await rawHttp2(rig.outbound))
    client.write(headers(1, [[':method', 'PUT'], ...GET.slice(1)]))
    await eventually(() => app.requests.length === 1)
    const stopped = rig.stopSidecar()
    const first = await client.untilFrame(Frame.GOAWAY, 0)
    expect(first?.payload.readUInt32BE(0)).toBe(Frame.LARGEST_STREAM_ID)
    client.write(headers(3, GET))
    expect((await client.untilFrame(Frame.HEADERS, 3))?.fields[':status']).toBe('200')
    const farewell = await client.untilFrame(Frame.PING, 0)
    client.write(frame(Frame.PING, Frame.ACK, 0, farewell?.payload), headers(5, GET))
    expect((await client.untilFrame(Frame.RST_STREAM, 5))?.payload.readUInt32BE(0)).toBe(7)
    const last = client.frames.filter(({ type }) => type === Frame.GOAWAY)[1]
    expect(last?.payload.readUInt32BE(0)).toBe(3)
    holding.release()
    expect((await client.untilFrame(Frame.HEADERS, 1))?.fields[':status']).toBe('200')
    await client.untilClosed()
    await stopped
    expect(rig.collector.spans).toHaveLength(2)
  })

  it('takes who does not know yet, and tells them to come elsewhere once their request is here', async () => {
    const app = closing(await startHttp2App(holdingApp().handle))
    const rig = closing(await startRig({ ...booksOn(app.port), drainMillis: 400 }))
    const known = closing(await rawHttp2(rig.outbound))
    known.write(headers(1, GET))
    await known.untilFrame(Frame.HEADERS, 1)
    const stopped = rig.stopSidecar()
    expect((await known.untilFrame(Frame.GOAWAY, 0))?.payload.readUInt32BE(0)).toBe(Frame.LARGEST_STREAM_ID)
    const late = closing(await rawHttp2(rig.outbound))
    await late.untilFrame(Frame.SETTINGS, 0)
    const before = late.frames.length
    late.write(headers(1, GET))
    expect((await late.untilFrame(Frame.HEADERS, 1))?.fields[':status']).toBe('200')
    expect(late.frames.slice(0, before).some(({ type }) => type === Frame.GOAWAY)).toBe(false)
    expect(late.frames.some(({ type }) => type === Frame.GOAWAY)).toBe(true)
    await stopped
    expect(rig.collector.spans).toHaveLength(2)
  })

  it('cuts off what does not end in time', async () => {
    const app = closing(await startHttp2App(holdingApp().handle))
    const rig = closing(await startRig({ ...booksOn(app.port), graceMillis: 100 }))
    const client = closing(await rawHttp2(rig.outbound))
    client.write(headers(1, [[':method', 'PUT'], ...GET.slice(1)]))
    await eventually(() => app.requests.length === 1)
    expect((await spansOf(rig))[0]?.tags['error']).toBe(
      'the sidecar stopped before the exchange was complete',
    )
    await client.untilClosed()
  })
})

describe('the version of a connection', () => {
  it('is told by its first bytes, in whatever pieces', async () => {
    const app = closing(await startHttp2App(holdingApp().handle))
    const rig = closing(await startRig(booksOn(app.port)))
    const socket = connect(rig.outbound, '127.0.0.1')
    const client = closing(new RawFrames(socket))
    for (const byte of Buffer.concat([Frame.PREFACE, settings()])) {
      client.write(Buffer.from([byte]))
      await new Promise(resolve => setImmediate(resolve))
    }
    client.write(headers(1, GET))
    expect((await client.untilFrame(Frame.HEADERS, 1))?.fields[':status']).toBe('200')
    const old = await rawClient(rig.outbound, 'P')
    old.write('RI / HTTP/1.1\r\nHost: nowhere\r\n\r\n')
    expect(await old.until('HTTP/1.1')).toContain(' 403 ')
    old.socket.destroy()
  })
})
