import { describe, expect, it } from 'vitest'
import { closedAfterEach } from '../testing/cleanup.ts'
import { startHttp2App } from '../testing/http2-peers.ts'
import {
  blockOf,
  data,
  frame,
  GET,
  headers,
  POST,
  type RawFrames,
  rawHttp2,
  reset,
  settings,
  windowUpdate,
} from '../testing/raw-frames.ts'
import { booksOn, type Rig, startRig } from '../testing/rig.ts'
import * as Code from './error-code.ts'
import * as Frame from './frame.ts'
import { MOST_STREAMS } from './settings.ts'

const closing = closedAfterEach()

async function start(): Promise<{ readonly rig: Rig; readonly client: RawFrames }> {
  const app = closing(
    await startHttp2App((stream, head) => {
      if (head[':method'] === 'GET') stream.respond({}, { endStream: true })
    }),
  )
  const rig = closing(await startRig({ ...booksOn(app.port), graceMillis: 100 }))
  return { rig, client: closing(await rawHttp2(rig.outbound)) }
}

async function metricsOf(rig: Rig): Promise<string> {
  return (await fetch(`http://127.0.0.1:${rig.sidecar.ports.metrics}/metrics`)).text()
}

const many = (count: number, make: (at: number) => Buffer): Buffer =>
  Buffer.concat(Array.from({ length: count }, (_, at) => make(at)))

describe('a client that', () => {
  it.each<[string, string, Buffer]>([
    [
      'resets what it asked for, at once and again',
      'http2-reset-flood',
      many(2000, at => Buffer.concat([headers(at * 2 + 1, POST, 0), reset(at * 2 + 1, Code.CANCEL)])),
    ],
    [
      'makes us reset what it asked for (CVE-2025-8671)',
      'http2-reset-flood',
      many(2000, at => Buffer.concat([headers(at * 2 + 1, POST, 0), windowUpdate(at * 2 + 1, 0)])),
    ],
    [
      'sends heads that are no requests, again and again',
      'http2-reset-flood',
      many(2000, at => headers(at * 2 + 1, GET.slice(1))),
    ],
    [
      'opens streams beyond its limit, again and again',
      'http2-stray-flood',
      many(MOST_STREAMS + 3000, at => headers(at * 2 + 1, POST, 0)),
    ],
    [
      'never ends a header block',
      'http2-continuation-flood',
      Buffer.concat([
        frame(Frame.HEADERS, 1, 1, blockOf(GET)),
        many(200, () => frame(Frame.CONTINUATION, 0, 1, blockOf([['x-a', 'b']]))),
      ]),
    ],
    [
      'never ends a header block of large pieces',
      'http2-continuation-flood',
      Buffer.concat([
        frame(Frame.HEADERS, 1, 1, blockOf(GET)),
        many(20, () => frame(Frame.CONTINUATION, 0, 1, Buffer.alloc(16_000))),
      ]),
    ],
    ['sends SETTINGS without an end', 'http2-settings-flood', many(1000, () => settings([4, 65_535]))],
    ['pings without an end', 'http2-ping-flood', many(5000, () => frame(Frame.PING, 0, 0, Buffer.alloc(8)))],
    [
      'sends empty DATA without an end',
      'http2-empty-data-flood',
      Buffer.concat([headers(1, POST, 0), many(1000, () => data(1, ''))]),
    ],
    ['widens windows by nearly nothing', 'http2-window-update-flood', many(9000, () => windowUpdate(0, 1))],
    [
      'sends PRIORITY without an end',
      'http2-stray-flood',
      many(3000, () => frame(Frame.PRIORITY, 0, 1, Buffer.alloc(5))),
    ],
    ['sends what nobody knows', 'http2-stray-flood', many(3000, () => frame(0x77, 0, 0))],
    [
      'writes to streams that are over',
      'http2-stray-flood',
      Buffer.concat([headers(1, POST, 0), reset(1, 8), many(3000, () => data(1, ''))]),
    ],
  ])('%s is told to calm down, and counted', async (_, reason, flood) => {
    const { rig, client } = await start()
    client.write(flood)
    const farewell = await client.untilFrame(Frame.GOAWAY, 0)
    expect(farewell?.payload.readUInt32BE(4)).toBe(Code.ENHANCE_YOUR_CALM)
    await client.untilClosed()
    expect(await metricsOf(rig)).toContain(
      `kiseki_sidecar_failures_total{direction="outbound",reason="${reason}"} 1`,
    )
    const other = closing(await rawHttp2(rig.outbound))
    other.write(headers(1, GET))
    expect((await other.untilFrame(Frame.HEADERS, 1))?.fields[':status']).toBe('200')
  })

  it('asks and never reads is cut off', async () => {
    const { rig, client } = await start()
    client.socket.pause()
    const pings = many(1000, () => frame(Frame.PING, 0, 0, Buffer.alloc(8)))
    const before = process.memoryUsage().rss
    const flood = (): void => void client.socket.write(pings, error => error ?? flood())
    flood()
    await client.untilClosed()
    expect(process.memoryUsage().rss - before).toBeLessThan(100_000_000)
    await rig.stopSidecar()
  })

  it('opens more streams than allowed has those refused, and keeps the others', async () => {
    const { rig, client } = await start()
    client.write(many(MOST_STREAMS + 3, at => headers(at * 2 + 1, POST, 0)))
    const last = MOST_STREAMS * 2 + 1
    for (const id of [last, last + 2, last + 4]) {
      expect((await client.untilFrame(Frame.RST_STREAM, id))?.payload.readUInt32BE(0)).toBe(
        Code.REFUSED_STREAM,
      )
    }
    expect(client.frames.filter(({ type }) => type === Frame.RST_STREAM)).toHaveLength(3)
    expect(await metricsOf(rig)).toContain('reason="http2-too-many-streams"} 3')
    client.write(reset(1, Code.CANCEL), headers(last + 6, GET))
    expect((await client.untilFrame(Frame.HEADERS, last + 6))?.fields[':status']).toBe('200')
  })

  it('gives up many of its requests and uses the rest is no attacker', async () => {
    const { client } = await start()
    for (let id = 1; id < 4000; id += 4) {
      client.write(headers(id, GET), headers(id + 2, POST, 0), reset(id + 2, Code.CANCEL))
      if (id % 200 === 1) await client.untilFrame(Frame.HEADERS, id)
    }
    await client.untilFrame(Frame.HEADERS, 3997)
    expect(client.frames.some(({ type }) => type === Frame.GOAWAY)).toBe(false)
  })

  it('asks for much and opens no window is ended stream by stream, and the connection goes on', async () => {
    const app = closing(
      await startHttp2App((stream, head) => {
        stream.respond({})
        stream.end(Buffer.alloc(head[':path'] === '/' ? 100_000 : 0))
      }),
    )
    const rig = closing(await startRig({ ...booksOn(app.port), timeoutMillis: 1000 }))
    const client = closing(await rawHttp2(rig.outbound, [Frame.PREFACE, settings([4, 0])]))
    const ids = Array.from({ length: 50 }, (_, at) => at * 2 + 1)
    client.write(...ids.map(id => headers(id, GET)))
    for (const id of ids) {
      expect((await client.untilFrame(Frame.RST_STREAM, id))?.payload.readUInt32BE(0)).toBe(Code.CANCEL)
    }
    expect(await metricsOf(rig)).toContain('reason="client-stalled"} 50')
    client.write(
      headers(
        101,
        GET.map(([name, value]) => [name, name === ':path' ? '/nothing' : value]),
      ),
    )
    expect((await client.untilFrame(Frame.HEADERS, 101))?.fields[':status']).toBe('200')
  })
})
