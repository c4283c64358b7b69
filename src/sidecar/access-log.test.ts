import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { closedAfterEach } from './testing/cleanup.ts'
import { startApp, startTcpApp } from './testing/echo-app.ts'
import { ask } from './testing/http-client.ts'
import { rawClient } from './testing/raw-client.ts'
import { booksOn, clusterOf, type Rig, type RigOptions, startRig } from './testing/rig.ts'

const closing = closedAfterEach()
const KEEP = { queryStrings: 'keep' } as const

type Line = Readonly<Record<string, string | number | boolean>>

interface Logged {
  readonly rig: Rig
  /** What the sidecar has written when it has ended. */
  lines(): Promise<readonly Line[]>
}

async function logged(options: RigOptions): Promise<Logged> {
  const output = new PassThrough()
  let text = ''
  output.setEncoding('utf8').on('data', (part: string) => {
    text += part
  })
  const rig = closing(await startRig({ accessLog: KEEP, ...options, ground: { output } }))
  return {
    rig,
    lines: async () => {
      await rig.stopSidecar()
      const all = text.split('\n')
      expect(all.pop()).toBe('')
      return all.map(line => JSON.parse(line) as Line)
    },
  }
}

const refused = {
  time: expect.stringMatching(/Z$/),
  component: 'access',
  status: 400,
  reason: 'bad-request',
  error: expect.stringContaining('host'),
}

async function bothSides(options: RigOptions = {}): Promise<Logged> {
  const { port } = closing(await startApp())
  return logged({ ...booksOn(port), inbound: { '9001': { appPort: port } }, ...options })
}

describe('the access log', () => {
  it('has a line for every exchange, which leads to its span', async () => {
    const { rig, lines } = await bothSides()
    const headers = { 'user-agent': 'me/1.0 "x"', 'x-request-id': 'rid-1' }
    await ask({ port: rig.outbound, method: 'POST', path: '/a?b=1', body: Buffer.from('hello'), headers })
    await ask({ port: rig.inbound, headers })
    const [outbound, inbound, ...more] = await lines()
    const [client, server] = rig.collector.spans
    expect(more).toEqual([])
    expect(outbound).toEqual({
      time: new Date(Math.floor((client?.timestamp ?? 0) / 1000)).toISOString(),
      component: 'access',
      direction: 'outbound',
      trace_id: client?.traceId,
      span_id: client?.id,
      sampled: true,
      method: 'POST',
      host: 'books.shop',
      path: '/a?b=1',
      protocol: 'HTTP/1.1',
      status: 200,
      request_bytes: 5,
      response_bytes: Number(client?.tags['response_size']),
      duration_ms: expect.any(Number),
      upstream_cluster: 'shop/books|80',
      upstream: client?.tags['peer.address'],
      user_agent: 'me/1.0 "x"',
      request_id: 'rid-1',
    })
    expect(inbound).toMatchObject({
      direction: 'inbound',
      trace_id: server?.traceId,
      upstream_cluster: 'shop/shop|9001|local',
      client: `127.0.0.1:${server?.remoteEndpoint?.port}`,
    })
  })

  it('has the exchanges that are not recorded, and those without any trace', async () => {
    const { port } = closing(await startApp())
    const { rig, lines } = await logged({ ...booksOn(port), tracing: { sampledFraction: 0 } })
    await ask({ port: rig.outbound, path: '/unsampled', headers: { 'user-agent': 'a' } })
    await rig.reconfigure({ ...booksOn(port), tracing: false, accessLog: KEEP })
    await ask({ port: rig.outbound, path: '/untraced', headers: { 'x-request-id': 'mine' } })
    const [unsampled, untraced] = await lines()
    expect(unsampled).toMatchObject({ path: '/unsampled', status: 200, sampled: false, user_agent: 'a' })
    expect(unsampled?.['trace_id']).toMatch(/^[0-9a-f]{32}$/)
    expect(unsampled?.['request_id']).toMatch(/^[0-9a-f-]{36}$/)
    expect(untraced).toMatchObject({ path: '/untraced', status: 200, request_id: 'mine' })
    expect(untraced).not.toHaveProperty('trace_id')
    expect(untraced).not.toHaveProperty('user_agent')
  })

  it('says why there was no response of the app', async () => {
    const gone = await startApp()
    await gone.close()
    const { rig, lines } = await logged(booksOn(gone.port))
    await ask({ port: rig.outbound })
    await ask({ port: rig.outbound, headers: { host: 'unknown.host' } })
    expect(await lines()).toMatchObject([
      { status: 502, reason: 'connect-failed', error: 'cannot connect to the endpoint' },
      { status: 403, reason: 'egress-off', host: 'unknown.host' },
    ])
  })

  it('has a line for a request that was not understood', async () => {
    const { rig, lines } = await bothSides()
    for (const side of ['outbound', 'inbound'] as const)
      await (await rawClient(rig[side], 'GET / HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n')).closed()
    expect(await lines()).toEqual([
      { ...refused, direction: 'outbound' },
      { ...refused, direction: 'inbound', client: expect.stringMatching(/^127\.0\.0\.1:\d+$/) },
    ])
  })

  it('has a line for a relayed connection', async () => {
    const app = closing(await startTcpApp(socket => void socket.on('data', () => socket.end('bye'))))
    const cluster = { ...clusterOf(app.port), protocol: 'tcp' } as const
    const { rig, lines } = await logged({ hosts: { 'books.shop:80': 'db' }, clusters: { db: cluster } })
    const client = await rawClient(rig.outbound, 'CONNECT books.shop:80 HTTP/1.1\r\nHost: b\r\n\r\n')
    await client.until('Established\r\n\r\n')
    client.write('hello')
    await client.closed()
    const [line] = await lines()
    const [span] = rig.collector.spans
    expect(line).toMatchObject({
      direction: 'outbound',
      trace_id: span?.traceId,
      span_id: span?.id,
      sampled: true,
      host: 'books.shop:80',
      protocol: 'TCP',
      sent_bytes: 5,
      received_bytes: 3,
      upstream_cluster: 'db',
      upstream: `127.0.0.1:${app.port}`,
    })
  })

  it('shows as much of queries as is wanted', async () => {
    const { port } = closing(await startApp())
    const { rig, lines } = await logged(booksOn(port))
    for (const queryStrings of ['redact', 'drop', 'keep'] as const) {
      for (const tracing of [{ queryStrings }, { queryStrings, sampledFraction: 0 }, false as const]) {
        await rig.reconfigure({ ...booksOn(port), tracing, accessLog: { queryStrings } })
        await ask({ port: rig.outbound, path: '/a?b=1' })
      }
    }
    const [redacted, dropped, kept] = ['/a?b=REDACTED', '/a', '/a?b=1']
    expect((await lines()).map(line => line['path'])).toEqual([
      ...[redacted, redacted, redacted],
      ...[dropped, dropped, dropped],
      ...[kept, kept, kept],
    ])
  })

  it('is switched while requests flow, and off says nothing', async () => {
    const { port } = closing(await startApp())
    const { rig, lines } = await logged({ ...booksOn(port), accessLog: KEEP })
    await ask({ port: rig.outbound, path: '/on' })
    await rig.reconfigure(booksOn(port))
    await ask({ port: rig.outbound, path: '/off' })
    await rig.reconfigure({ ...booksOn(port), accessLog: KEEP })
    await ask({ port: rig.outbound, path: '/on-again' })
    expect((await lines()).map(line => line['path'])).toEqual(['/on', '/on-again'])
  })
})
