import { connect, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { createClock } from '../../runtime/clock.ts'
import { createLogger } from '../../runtime/logger.ts'
import { type Backend, startBackend } from './backend.ts'
import { readSettings } from './read-settings.ts'

const clock = createClock()
const logger = createLogger({ component: 'test', write: () => undefined })
const FREE_PORTS = [
  '--collector.zipkin.host-port=127.0.0.1:0',
  '--collector.otlp.grpc.host-port=127.0.0.1:0',
  '--collector.otlp.http.host-port=127.0.0.1:0',
  '--query.http-server.host-port=127.0.0.1:0',
  '--admin.http.host-port=127.0.0.1:0',
]

let running: Backend[] = []
afterEach(async () => {
  await Promise.all(running.map(backend => backend.stop()))
  running = []
})

async function start(...flags: readonly string[]): Promise<Backend> {
  const { settings } = readSettings({
    arguments: [...FREE_PORTS, ...flags],
    env: {},
    heapLimitBytes: 2 ** 30,
  })
  const backend = await startBackend(settings, { logger, clock, uiDir: '/nowhere', version: '1.2.3' })
  running.push(backend)
  return backend
}

const body = JSON.stringify([
  {
    traceId: '00000000000000aa',
    id: '00000000000000bb',
    name: 'get',
    localEndpoint: { serviceName: 'shop' },
  },
])
const post = (backend: Backend) => fetch(`${backend.urls.zipkin}/api/v2/spans`, { method: 'POST', body })
const openConnection = (url: string): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url)
    const socket = connect(Number(port), hostname, () => resolve(socket)).on('error', reject)
  })
const getJson = async (url: string) => (await fetch(url)).json()

describe('the backend', () => {
  it('shows on one port what it accepted on another, and counts it on the third', async () => {
    const backend = await start()
    expect((await post(backend)).status).toBe(202)
    expect(await getJson(`${backend.urls.ui}/api/services`)).toMatchObject({ data: ['shop'] })
    expect(await getJson(`${backend.urls.ui}/api/traces/aa`)).toMatchObject({
      data: [{ spans: [{ operationName: 'get', spanID: '00000000000000bb' }] }],
    })
    expect(await getJson(`${backend.urls.admin}/status`)).toMatchObject({
      version: '1.2.3',
      collector: { accepted: 1, written: 1, dropped: {}, inFlightBytes: 0 },
      store: { engine: 'memory', durable: false, written: 1, present: 1, warning: expect.any(String) },
    })
    const metrics = await (await fetch(`${backend.urls.admin}/metrics`)).text()
    expect(metrics).toContain('kiseki_collector_spans_written_total 1\n')
    expect(metrics).toContain('kiseki_store_spans{state="present"} 1\n')
  })

  it('takes OTLP beside Zipkin, unless it is told not to', async () => {
    const backend = await start()
    const span = { traceId: 'ab'.repeat(16), spanId: 'cd'.repeat(8), name: 'get' }
    const response = await fetch(`${backend.urls.otlpHttp}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] }),
    })
    expect(response.status).toBe(200)
    expect(await getJson(`${backend.urls.ui}/api/traces/${span.traceId}`)).toMatchObject({
      data: [{ spans: [{ operationName: 'get' }] }],
    })
    const closed = await start('--collector.otlp.enabled=false')
    expect(Object.keys(closed.urls)).toEqual(['ui', 'zipkin', 'admin'])
    const half = await start('--collector.otlp.grpc.host-port=')
    expect(Object.keys(half.urls)).toEqual(['ui', 'zipkin', 'otlpHttp', 'admin'])
  })

  it('says on its admin port that it is up, as Jaeger v1 does', async () => {
    const backend = await start()
    expect(await getJson(backend.urls.admin)).toEqual({
      status: 'Server available',
      upSince: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      uptime: expect.stringMatching(/^[0-9.]+(µs|ms|s)$/),
    })
  })

  it('serves all of the query port below its base path', async () => {
    const backend = await start('--query.base-path=/jaeger')
    expect(backend.urls.ui).toMatch(/\/jaeger$/)
    expect((await fetch(`${backend.urls.ui}/api/services`)).status).toBe(200)
    expect((await fetch(new URL('/api/services', backend.urls.ui))).status).toBe(404)
    expect((await fetch(`${backend.urls.ui}/search`)).headers.get('content-type')).toContain('text/html')
  })

  it('can do without the receiver', async () => {
    const backend = await start('--collector.zipkin.host-port=')
    expect(backend.urls).not.toHaveProperty('zipkin')
  })

  it('opens all listeners or none', async () => {
    const first = await start()
    const taken = new URL(first.urls.zipkin ?? '').port
    await expect(start(`--collector.zipkin.host-port=127.0.0.1:${taken}`)).rejects.toMatchObject({
      code: 'KISEKI_PORT_IN_USE',
    })
  })

  it('closes its ports when it stops', async () => {
    const backend = await start()
    running = []
    await backend.stop()
    for (const url of Object.values(backend.urls)) await expect(fetch(url)).rejects.toThrow()
  })

  it('waits once for all who hold connections without a word, and not for each listener', async () => {
    const backend = await start()
    running = []
    const silent = await Promise.all(Object.values(backend.urls).map(openConnection))
    const since = clock.monotonic()
    await backend.stop()
    expect(clock.monotonic() - since).toBeLessThan(5_000_000)
    for (const socket of silent) socket.destroy()
  })
})
