import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { closedAfterEach } from '../testing/cleanup.ts'
import { http2Client, startHttp2App } from '../testing/http2-peers.ts'
import {
  data,
  GET,
  headers,
  POST,
  type RawFrames,
  type ReceivedFrame,
  rawHttp2,
  settings,
  windowUpdate,
} from '../testing/raw-frames.ts'
import { booksOn, eventually, type Rig, startRig } from '../testing/rig.ts'
import * as Code from './error-code.ts'
import * as Frame from './frame.ts'
import { CONNECTION_WINDOW, STREAM_WINDOW } from './settings.ts'

const closing = closedAfterEach()

async function rigServing(body: Buffer): Promise<Rig> {
  const app = closing(
    await startHttp2App(stream => {
      stream.respond({ ':status': 200 }, { waitForTrailers: true })
      stream.on('wantTrailers', () => stream.sendTrailers({ 'x-last': 'yes' }))
      stream.end(body)
    }),
  )
  return closing(await startRig(booksOn(app.port)))
}

const bodyOf = (client: RawFrames, id: number): Buffer =>
  Buffer.concat(
    client.frames
      .filter(({ type, id: each }) => type === Frame.DATA && each === id)
      .map(({ payload }) => payload),
  )

const received =
  (length: number, id = 1) =>
  (frames: readonly ReceivedFrame[]): true | undefined =>
    frames.reduce(
      (sum, each) => sum + (each.type === Frame.DATA && each.id === id ? each.payload.length : 0),
      0,
    ) >= length || undefined

/** Everything that the sidecar had to say before is said. */
async function quiet(client: RawFrames): Promise<void> {
  const before = client.frames.filter(({ type }) => type === Frame.PING).length
  client.write(Buffer.concat([Buffer.from([0, 0, 8, Frame.PING, 0, 0, 0, 0, 0]), Buffer.alloc(8)]))
  await client.until(frames => frames.filter(({ type }) => type === Frame.PING).length > before || undefined)
}

describe('a window of the client', () => {
  it('is never exceeded, and what waits goes out byte by byte, trailers last', async () => {
    const body = randomBytes(40)
    const rig = await rigServing(body)
    const client = closing(await rawHttp2(rig.outbound, [Frame.PREFACE, settings([4, 1])]))
    client.write(headers(1, GET))
    for (let length = 1; length <= body.length; length++) {
      await client.until(received(length))
      await quiet(client)
      expect(bodyOf(client, 1)).toEqual(body.subarray(0, length))
      client.write(windowUpdate(1, 1))
    }
    expect((await client.untilFrame(Frame.HEADERS, 1, Frame.END_STREAM))?.fields).toEqual({ 'x-last': 'yes' })
  })

  it('may go below 0 by a setting', async () => {
    const rig = await rigServing(Buffer.alloc(100, 'x'))
    const client = closing(await rawHttp2(rig.outbound, [Frame.PREFACE, settings([4, 30])]))
    client.write(headers(1, GET))
    await client.until(received(30))
    client.write(settings([4, 10]), windowUpdate(1, 20))
    await quiet(client)
    expect(bodyOf(client, 1)).toHaveLength(30)
    client.write(windowUpdate(1, 5))
    await client.until(received(35))
    await quiet(client)
    expect(bodyOf(client, 1)).toHaveLength(35)
    client.write(settings([4, 1000]))
    await client.until(received(100))
  })

  it('of the connection is shared by its streams', async () => {
    const rig = await rigServing(Buffer.alloc(60_000, 'x'))
    const client = closing(await rawHttp2(rig.outbound))
    client.write(headers(1, GET), headers(3, GET))
    const all = (): number => bodyOf(client, 1).length + bodyOf(client, 3).length
    await eventually(() => all() === 65_535)
    await quiet(client)
    expect(all()).toBe(65_535)
    client.write(windowUpdate(0, 100_000))
    await eventually(() => all() === 120_000)
  })
})

describe('a slow reader', () => {
  it('of a response stops its sender, and holds up nobody else', async () => {
    let sent = 0
    const app = closing(
      await startHttp2App((stream, head) => {
        stream.respond({ ':status': 200 })
        if (head[':path'] !== '/endless') {
          stream.end('small')
          return
        }
        const part = Buffer.alloc(64 * 1024)
        const more = (): void => {
          while (stream.write(part)) sent += part.length
          sent += part.length
        }
        stream.on('drain', more)
        more()
      }),
    )
    const rig = closing(await startRig(booksOn(app.port)))
    const client = closing(await rawHttp2(rig.outbound))
    client.write(headers(1, [...GET.slice(0, 2), [':path', '/endless'], ...GET.slice(3)]))
    await client.until(received(65_535))
    client.write(windowUpdate(0, 1000), headers(3, GET))
    await client.untilFrame(Frame.DATA, 3)
    let before = -1
    await eventually(() => {
      const stands = before === sent
      before = sent
      return stands
    })
    // What is on its way: our window, and what Node holds before it stops.
    expect(sent).toBeLessThan(STREAM_WINDOW + 4 * 65_536 + 65_535)
  })

  it('of a request stops its sender', async () => {
    const app = closing(await startHttp2App(stream => void stream.pause()))
    const rig = closing(await startRig(booksOn(app.port)))
    const client = closing(await rawHttp2(rig.outbound))
    client.write(headers(1, POST, 0))
    await eventually(() => app.requests.length === 1)
    // Node takes a window of its own; we hold one of ours and allow no more.
    const part = data(1, Buffer.alloc(16_384))
    let sent = 0
    let allowed = STREAM_WINDOW
    for (; sent + 16_384 <= allowed; sent += 16_384) {
      client.write(part)
      await quiet(client)
      allowed =
        STREAM_WINDOW +
        client.frames
          .filter(({ type, id }) => type === Frame.WINDOW_UPDATE && id === 1)
          .reduce((sum, { payload }) => sum + payload.readUInt32BE(0), 0)
      expect(sent).toBeLessThan(2_000_000)
    }
    expect(sent).toBeLessThan(STREAM_WINDOW * 2 + 65_536)
  })

  it('that reads after all gets everything', async () => {
    const body = randomBytes(3_000_000)
    const rig = await rigServing(body)
    const client = closing(await http2Client(rig.outbound))
    const stream = client.session.request({ ':path': '/' })
    const parts: Buffer[] = []
    await new Promise<void>((resolve, reject) => {
      stream.on('error', reject)
      stream.on('end', resolve)
      stream.on('data', (part: Buffer) => {
        parts.push(part)
        stream.pause()
        setImmediate(() => stream.resume())
      })
    })
    expect(Buffer.concat(parts).equals(body)).toBe(true)
  })
})

describe('more data than was allowed', () => {
  it('on a stream resets it, and costs the connection nothing', async () => {
    const app = closing(
      await startHttp2App((stream, head) =>
        head[':method'] === 'GET' ? stream.respond({}, { endStream: true }) : stream.pause(),
      ),
    )
    const rig = closing(await startRig(booksOn(app.port)))
    const client = closing(await rawHttp2(rig.outbound))
    client.write(headers(1, POST, 0))
    for (let sent = 0; sent < STREAM_WINDOW + 200_000; sent += 16_384)
      client.write(data(1, Buffer.alloc(16_384)))
    expect((await client.untilFrame(Frame.RST_STREAM, 1))?.payload.readUInt32BE(0)).toBe(
      Code.FLOW_CONTROL_ERROR,
    )
    client.write(headers(3, GET))
    expect((await client.untilFrame(Frame.HEADERS, 3))?.fields[':status']).toBe('200')
  })

  it('on the connection ends it', async () => {
    const app = closing(await startHttp2App(stream => void stream.pause()))
    const rig = closing(await startRig(booksOn(app.port)))
    const client = closing(await rawHttp2(rig.outbound))
    let id = 1
    for (let sent = 0; sent < CONNECTION_WINDOW + 2_000_000; sent += 16_384) {
      if (sent % (STREAM_WINDOW / 2) === 0) {
        id += 2
        client.write(headers(id, POST, 0))
      }
      client.write(data(id, Buffer.alloc(16_384)))
    }
    expect((await client.untilFrame(Frame.GOAWAY, 0))?.payload.readUInt32BE(4)).toBe(Code.FLOW_CONTROL_ERROR)
  })
})

describe('a client that reads nothing', () => {
  it('of many large responses holds up no other client of the endpoint', async () => {
    const body = randomBytes(300_000)
    const rig = await rigServing(body)
    const hoarder = closing(await rawHttp2(rig.outbound, [Frame.PREFACE, settings([4, 0])]))
    const streams = 24
    for (let at = 0; at < streams; at++) hoarder.write(headers(at * 2 + 1, GET))
    for (let at = 0; at < streams; at++) await hoarder.untilFrame(Frame.HEADERS, at * 2 + 1)
    const client = closing(await http2Client(rig.outbound))
    const answers = await Promise.all([client.ask(), client.ask(), client.ask()])
    expect(answers.every(answer => answer.body.equals(body))).toBe(true)
    // What it was kept waiting with was kept for it.
    hoarder.write(settings([4, 0x7fff_ffff]), windowUpdate(0, 0x7fff_ffff - 65_535))
    for (let at = 0; at < streams; at++) await hoarder.untilFrame(Frame.HEADERS, at * 2 + 1, Frame.END_STREAM)
    expect(bodyOf(hoarder, 1).equals(body)).toBe(true)
    expect(bodyOf(hoarder, streams * 2 - 1).equals(body)).toBe(true)
  })
})
