import { describe, expect, it } from 'vitest'
import { closedAfterEach } from './testing/cleanup.ts'
import { startTcpApp, type TcpApp } from './testing/echo-app.ts'
import { rawClient } from './testing/raw-client.ts'
import { booksOn, eventually, type Rig, startRig } from './testing/rig.ts'

const closing = closedAfterEach()
const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'

/** Trace headers of all sorts, among others; odd case, blanks and order, and values that make no sense. */
const HEADS: readonly string[] = [
  'GET /a HTTP/1.1\r\nhost: books.shop\r\n\r\n',
  'GET /b HTTP/1.1\r\nX-B3-Sampled:1\r\nHost: books.shop\r\nx-b3-TRACEID:  463ac35c9f6413ad48485a3953bb6124 \r\naccept: */*\r\nX-B3-SpanId: a2fb4a1d1a96d312\r\nx-b3-parentspanid: 0020000000000001\r\nX-Request-Id: Rid\r\n\r\n',
  'GET /c HTTP/1.1\r\ntracestate: b=2,a=1\r\nTraceParent: 00-463ac35c9f6413ad48485a3953bb6124-a2fb4a1d1a96d312-01\r\nhost: books.shop\r\nTRACESTATE: c=3\r\nB3: 0\r\n\r\n',
  'GET /d HTTP/1.1\r\nb3: nonsense\r\nb3: 1\r\nx-b3-flags: 1\r\nhost: books.shop\r\ntraceparent: ff\r\nx-b3-traceid:\r\nuber-trace-id: 1:2:3:4\r\n\r\n',
]

/** Answers each request; what it was sent is kept, to the byte. */
async function startRecorder(): Promise<TcpApp & { readonly heard: () => string }> {
  let heard = ''
  const app = closing(
    await startTcpApp(
      socket =>
        void socket.on('data', bytes => {
          heard += bytes.toString('latin1')
          socket.write(OK)
        }),
    ),
  )
  return Object.assign(app, { heard: () => heard })
}

async function sendAll(port: number): Promise<void> {
  const client = await rawClient(port)
  for (const [index, head] of HEADS.entries()) {
    client.write(head)
    await client.until(Array.from({ length: index + 1 }, () => OK).join(''))
  }
  client.socket.destroy()
}

async function rigWith(appPort: number, collectorPort: number, tracing: boolean): Promise<Rig> {
  return closing(await startRig(optionsOf(appPort, collectorPort, tracing)))
}

function optionsOf(appPort: number, collectorPort: number, tracing: boolean) {
  const resolved = [{ address: '127.0.0.1', port: collectorPort }]
  return {
    ...booksOn(appPort),
    inbound: { '9001': { appPort } },
    tracing: tracing ? { resolved } : (false as const),
  }
}

describe('while tracing is off', () => {
  it.each(['outbound', 'inbound'] as const)('requests pass %s as they came, to the byte', async side => {
    const app = await startRecorder()
    const collector = closing(await startTcpApp(() => undefined))
    const rig = await rigWith(app.port, collector.port, false)
    await sendAll(rig[side])
    expect(app.heard()).toBe(HEADS.join(''))
    expect(rig.sidecar.spans).toMatchObject({ recorded: 0, queued: 0 })
    await rig.stopSidecar()
    // Nobody so much as connected.
    expect(collector.sockets).toHaveLength(0)
  })

  it('that holds for requests after a change, on the connections of before; and ends with it', async () => {
    const app = await startRecorder()
    const rig = await rigWith(app.port, 1, true)
    const on = optionsOf(app.port, rig.collector.port, true)
    const off = optionsOf(app.port, rig.collector.port, false)
    await rig.reconfigure(on)
    const client = await rawClient(rig.outbound)
    const asked: string[] = []
    const answered = async (head: string): Promise<string> => {
      const before = app.heard().length
      asked.push(head)
      client.write(head)
      await eventually(() => client.received.split('\r\n\r\nok').length > asked.length)
      return app.heard().slice(before)
    }
    for (let round = 0; round < 5; round++) {
      for (const head of HEADS) expect(await answered(head)).not.toBe(head)
      await rig.reconfigure(off)
      const { recorded } = rig.sidecar.spans
      const before = client.received.length
      for (const head of HEADS) expect(await answered(head)).toBe(head)
      // Responses pass as they came, too.
      expect(client.received.slice(before)).toBe(HEADS.map(() => OK).join(''))
      expect(rig.sidecar.spans.recorded).toBe(recorded)
      await eventually(() => rig.sidecar.spans.queued === 0)
      while ((await rig.collector.connections()) > 0) await new Promise(resolve => setImmediate(resolve))
      await rig.reconfigure(on)
    }
    client.socket.destroy()
    expect(rig.collector.spans.length).toBeGreaterThan(0)
    expect(rig.sidecar.spans.recorded).toBe(rig.sidecar.spans.acknowledged)
  })
})
