import { describe, expect, it } from 'vitest'
import { closedAfterEach } from './testing/cleanup.ts'
import { startApp, startTcpApp } from './testing/echo-app.ts'
import { ask } from './testing/http-client.ts'
import { rawClient } from './testing/raw-client.ts'
import { booksOn, type Rig, type RigOptions, startRig } from './testing/rig.ts'

const closing = closedAfterEach()
const GET = 'GET / HTTP/1.1\r\nhost: books.shop\r\n\r\n'
const SIDES = ['outbound', 'inbound'] as const

async function rigTo(port: number, options: RigOptions = {}): Promise<Rig> {
  return closing(await startRig({ ...booksOn(port), inbound: { '9001': { appPort: port } }, ...options }))
}

/** An app that says just this, whatever it is asked. */
async function appThatSays(text: string | Buffer): Promise<number> {
  return closing(await startTcpApp(socket => void socket.on('data', () => socket.write(text)))).port
}

describe('responses while tracing is on', () => {
  it.each(SIDES)('say %s which trace and which request they belong to', async side => {
    const rig = await rigTo(closing(await startApp()).port)
    const made = await ask({ port: rig[side] })
    const given = await ask({ port: rig[side], headers: { 'x-request-id': 'rid-1' } })
    await rig.stopSidecar()
    const [first, second] = rig.collector.spans
    expect(made.headers).toMatchObject({
      traceresponse: `00-${first?.traceId}-${first?.id}-03`,
      'x-request-id': first?.tags['guid:x-request-id'],
    })
    expect(given.headers).toMatchObject({
      traceresponse: `00-${second?.traceId}-${second?.id}-03`,
      'x-request-id': 'rid-1',
    })
  })

  it('say that a trace was not recorded', async () => {
    const rig = await rigTo(closing(await startApp()).port, { tracing: { sampledFraction: 0 } })
    const { headers } = await ask({ port: rig.outbound })
    expect(headers['traceresponse']).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-02$/)
  })

  it('keep what the app says itself, and the rest to the byte', async () => {
    const own =
      'HTTP/1.1 200 Fine\r\nTraceResponse: mine\r\nX-Request-ID: my-own\r\ncontent-length: 2\r\n\r\nok'
    const other = await rigTo(await appThatSays(own))
    expect(await (await rawClient(other.outbound, GET)).until('ok')).toBe(own)
    const half = 'HTTP/1.1 200 Fine\r\nx-request-id: my-own\r\ncontent-length: 2\r\n\r\nok'
    const rig = await rigTo(await appThatSays(half))
    const text = await (await rawClient(rig.inbound, GET)).until('ok')
    expect(text.replace(/traceresponse: .*\r\n/, '')).toBe(half)
    expect(text).toContain('my-own\r\ncontent-length: 2\r\ntraceresponse: 00-')
  })

  it('are whole whatever their size, and whatever must change in their heads', async () => {
    for (const size of [0, 1, 1000, 15_000, 17_000, 300_000]) {
      const body = Buffer.alloc(size, 'x')
      const app = closing(await startApp((_, response) => void response.end(body)))
      const rig = await rigTo(app.port)
      for (const headers of [{}, { connection: 'close' }, { connection: 'keep-alive' }]) {
        const answer = await ask({ port: rig.outbound, headers })
        expect(answer.body.equals(body)).toBe(true)
        expect(answer.headers['traceresponse']).toMatch(/^00-/)
      }
    }
  })

  it('of the sidecar itself say so too', async () => {
    const app = await startApp()
    await app.close()
    const rig = await rigTo(app.port)
    const { status, headers } = await ask({ port: rig.outbound })
    await rig.stopSidecar()
    const [span] = rig.collector.spans
    expect(status).toBe(502)
    expect(headers).toMatchObject({
      'x-kiseki-reason': 'connect-failed',
      'x-request-id': span?.tags['guid:x-request-id'],
      traceresponse: `00-${span?.traceId}-${span?.id}-03`,
    })
  })

  it('of a callee in the mesh come through as its sidecar wrote them', async () => {
    const app = closing(await startApp())
    const server = await rigTo(app.port)
    const client = await rigTo(server.inbound)
    const { headers } = await ask({
      port: client.outbound,
      headers: { traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` },
    })
    await Promise.all([client.stopSidecar(), server.stopSidecar()])
    expect(headers['traceresponse']).toBe(`00-${'a'.repeat(32)}-${server.collector.spans[0]?.id}-01`)
    expect(headers['x-request-id']).toBe(client.collector.spans[0]?.tags['guid:x-request-id'])
  })

  it('say nothing where that is switched off, live', async () => {
    const app = closing(await startApp())
    const rig = await rigTo(app.port)
    const options = { ...booksOn(app.port), inbound: { '9001': { appPort: app.port } } }
    for (const responseHeaders of [false, true, false]) {
      await rig.reconfigure({ ...options, tracing: { responseHeaders } })
      for (const side of SIDES) {
        const { headers } = await ask({ port: rig[side] })
        expect('traceresponse' in headers).toBe(responseHeaders)
        expect('x-request-id' in headers).toBe(responseHeaders)
      }
    }
  })
})
