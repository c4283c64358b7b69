import { describe, expect, it } from 'vitest'
import { closedAfterEach } from './testing/cleanup.ts'
import { startApp, startTcpApp } from './testing/echo-app.ts'
import { ask, type Echo, echoOf } from './testing/http-client.ts'
import { rawClient } from './testing/raw-client.ts'
import { booksOn, POD_UID, type Rig, type RigOptions, startRig } from './testing/rig.ts'

const closing = closedAfterEach()

const LONG = '463ac35c9f6413ad48485a3953bb6124'
const SHORT = '48485a3953bb6124'
const SPAN = 'a2fb4a1d1a96d312'
const PARENT = '0020000000000001'

/** A sidecar whose app is both the mesh service `books.shop` and the app behind the inbound port. */
async function rigWith(options: RigOptions = {}): Promise<Rig> {
  const app = closing(await startApp())
  return closing(
    await startRig({ ...booksOn(app.port), inbound: { '9001': { appPort: app.port } }, ...options }),
  )
}

type Side = 'inbound' | 'outbound'

async function through(rig: Rig, side: Side, headers: Record<string, string> = {}): Promise<Echo['headers']> {
  return echoOf(await ask({ port: rig[side], headers })).headers
}

async function spansOf(rig: Rig): Promise<Rig['collector']['spans']> {
  await rig.stopSidecar()
  return rig.collector.spans
}

describe('the tags of a span', () => {
  it('are those of osm-edge and some more', async () => {
    const rig = await rigWith()
    const before = Date.now() * 1000
    await ask({
      port: rig.outbound,
      method: 'POST',
      path: '/books/42/pages?from=1',
      body: Buffer.from('hello'),
      chunked: true,
      headers: { 'user-agent': 'me/1.0', 'x-request-id': 'rid-1' },
    })
    const [span] = await spansOf(rig)
    expect(span).toMatchObject({
      kind: 'CLIENT',
      name: 'POST /books/{id}/pages',
      localEndpoint: { serviceName: 'shop', ipv4: '127.0.0.1' },
      tags: {
        component: 'proxy',
        'http.url': 'http://books.shop/books/42/pages?from=1',
        'http.method': 'POST',
        'http.protocol': 'HTTP/1.1',
        'http.status_code': '200',
        request_size: '5',
        upstream_cluster: 'shop/books|80',
        node_id: POD_UID,
        'guid:x-request-id': 'rid-1',
        user_agent: 'me/1.0',
        'k8s.namespace.name': 'shop',
        'k8s.pod.name': 'shop-7d9f-x2',
      },
    })
    expect(span?.tags).not.toHaveProperty('error')
    expect(Number(span?.tags['response_size'])).toBeGreaterThan(100)
    expect(span?.traceId).toMatch(/^[0-9a-f]{32}$/)
    expect(span?.id).toMatch(/^[0-9a-f]{16}$/)
    expect(span).not.toHaveProperty('parentId')
    expect(span?.timestamp).toBeGreaterThanOrEqual(before - 2000)
    expect(span?.duration).toBeGreaterThanOrEqual(1)
    expect(span?.duration).toBeLessThan(5_000_000)
  })

  it('have what was sent in UTF-8, and keep what was percent-encoded', async () => {
    // An app that takes bytes beyond ASCII in a target; that of Node does not.
    const ok = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'
    const app = closing(await startTcpApp(socket => void socket.on('data', () => socket.write(ok))))
    const rig = closing(await startRig(booksOn(app.port)))
    const path = Buffer.from('/本/✓').toString('latin1')
    const client = await rawClient(
      rig.outbound,
      `GET ${path} HTTP/1.1\r\nhost: books.shop\r\nuser-agent: ${Buffer.from('ü"\\').toString('latin1')}\r\n\r\n`,
    )
    await client.until('ok')
    client.socket.destroy()
    await ask({ port: rig.outbound, path: '/%E6%9C%AC' })
    const [raw, encoded] = await spansOf(rig)
    expect(raw).toMatchObject({
      name: 'GET /本/✓',
      tags: { 'http.url': 'http://books.shop/本/✓', user_agent: 'ü"\\' },
    })
    expect(encoded?.tags['http.url']).toBe('http://books.shop/%E6%9C%AC')
  })

  it('say what went wrong', async () => {
    const app = closing(await startApp((_, response) => response.writeHead(503).end()))
    const rig = closing(await startRig({ ...booksOn(app.port), inbound: { '9001': { appPort: app.port } } }))
    await ask({ port: rig.outbound })
    await ask({ port: rig.inbound })
    await ask({ port: rig.outbound, headers: { host: 'nobody.shop' } })
    const [client, server, refused] = await spansOf(rig)
    expect(client?.tags).toMatchObject({ 'http.status_code': '503', error: 'status 503' })
    expect(server?.tags).toMatchObject({ 'http.status_code': '503', error: 'status 503' })
    expect(refused?.tags).toMatchObject({
      'http.status_code': '403',
      error: 'the mesh does not know the host, and egress is off',
    })
    expect(refused?.tags).not.toHaveProperty('peer.address')
  })

  it('have the URL of a whole server as that', async () => {
    const rig = await rigWith()
    await ask({ port: rig.outbound, method: 'OPTIONS', path: '*' })
    const [span] = await spansOf(rig)
    expect(span).toMatchObject({ name: 'OPTIONS *', tags: { 'http.url': 'http://books.shop' } })
  })

  it('name the host beyond the mesh as the other side', async () => {
    const app = closing(await startApp())
    const rig = closing(await startRig({ egress: true }))
    await ask({ port: rig.outbound, path: `http://localhost:${app.port}/` })
    const [span] = await spansOf(rig)
    expect(span?.remoteEndpoint).toMatchObject({ serviceName: 'localhost', port: app.port })
    expect(span?.tags['upstream_cluster']).toBe(`localhost:${app.port}`)
  })

  it('may have the names that osm-edge gave spans', async () => {
    const rig = await rigWith({ tracing: { spanName: 'host' } })
    await ask({ port: rig.outbound, path: '/x', headers: { host: 'books.shop:80' } })
    expect((await spansOf(rig))[0]?.name).toBe('books.shop:80')
  })
})

describe('a trace', () => {
  it('begins at the first sidecar that sees it, inbound too, and the app learns its ids', async () => {
    const rig = await rigWith()
    const inner = await through(rig, 'inbound')
    const outer = await through(rig, 'outbound')
    const [server, client] = await spansOf(rig)
    for (const [span, seen] of [
      [server, inner],
      [client, outer],
    ] as const) {
      expect(span).not.toHaveProperty('parentId')
      expect(span).not.toHaveProperty('shared')
      expect(seen).toMatchObject({
        'x-b3-traceid': span?.traceId,
        'x-b3-spanid': span?.id,
        'x-b3-sampled': '1',
        traceparent: `00-${span?.traceId}-${span?.id}-03`,
      })
      expect(seen['x-request-id']).toMatch(
        /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
      )
    }
  })

  it('goes on through an app that forwards four headers', async () => {
    const rig = await rigWith()
    const seen = await through(rig, 'inbound')
    await through(rig, 'outbound', {
      'x-request-id': seen['x-request-id'] ?? '',
      'x-b3-traceid': seen['x-b3-traceid'] ?? '',
      'x-b3-spanid': seen['x-b3-spanid'] ?? '',
    })
    const [server, client] = await spansOf(rig)
    expect(client).toMatchObject({ traceId: server?.traceId, parentId: server?.id })
    expect(client?.id).not.toBe(server?.id)
    expect(client?.tags['guid:x-request-id']).toBe(server?.tags['guid:x-request-id'])
  })

  it('that came by B3: the client half gets a new id, the server half shares the one that came', async () => {
    const rig = await rigWith()
    const b3 = { 'x-b3-traceid': LONG, 'x-b3-spanid': SPAN, 'x-b3-parentspanid': PARENT, 'x-b3-sampled': '1' }
    const outer = await through(rig, 'outbound', b3)
    await through(rig, 'inbound', b3)
    const [client, server] = await spansOf(rig)
    expect(client).toMatchObject({ traceId: LONG, parentId: SPAN })
    expect(client?.id).not.toBe(SPAN)
    expect(outer).toMatchObject({
      'x-b3-spanid': client?.id,
      'x-b3-parentspanid': SPAN,
      'x-b3-traceid': LONG,
    })
    expect(server).toMatchObject({ traceId: LONG, id: SPAN, parentId: PARENT, shared: true })
  })

  it('that came by one b3 header goes on in all forms', async () => {
    const rig = await rigWith()
    const seen = await through(rig, 'outbound', { b3: `${LONG}-${SPAN}-1` })
    const [client] = await spansOf(rig)
    expect(client).toMatchObject({ traceId: LONG, parentId: SPAN })
    expect(seen).toMatchObject({ b3: `${LONG}-${client?.id}-1-${SPAN}`, 'x-b3-traceid': LONG })
  })

  it('that came by traceparent alone: the server half has an id of its own', async () => {
    const rig = await rigWith()
    const seen = await through(rig, 'inbound', { traceparent: `00-${LONG}-${SPAN}-01`, tracestate: 'a=b' })
    const [server] = await spansOf(rig)
    expect(server).toMatchObject({ traceId: LONG, parentId: SPAN })
    expect(server).not.toHaveProperty('shared')
    expect(server?.id).not.toBe(SPAN)
    expect(seen).toMatchObject({ traceparent: `00-${LONG}-${server?.id}-01`, tracestate: 'a=b' })
  })

  it('that an app advanced by traceparent follows the app, not its copy of B3', async () => {
    const rig = await rigWith()
    await through(rig, 'outbound', {
      'x-b3-traceid': LONG,
      'x-b3-spanid': PARENT,
      'x-b3-sampled': '1',
      traceparent: `00-${LONG}-${SPAN}-01`,
    })
    expect((await spansOf(rig))[0]).toMatchObject({ traceId: LONG, parentId: SPAN })
  })

  it('with a 64-bit id keeps it, and is padded only in traceparent', async () => {
    const rig = await rigWith()
    const seen = await through(rig, 'outbound', { 'x-b3-traceid': SHORT, 'x-b3-spanid': SPAN })
    const [span] = await spansOf(rig)
    expect(span?.traceId).toBe(SHORT)
    expect(seen['x-b3-traceid']).toBe(SHORT)
    expect(seen['traceparent']).toContain(`00-0000000000000000${SHORT}-`)
  })
})

describe('the decision', () => {
  it('that came is obeyed, whatever the fraction', async () => {
    for (const [fraction, header, spans] of [
      [1, { 'x-b3-sampled': '0' }, 0],
      [0, { 'x-b3-sampled': '1' }, 1],
      [1, { b3: '0' }, 0],
      [0, { 'x-b3-flags': '1' }, 1],
      [1, { traceparent: `00-${LONG}-${SPAN}-00` }, 0],
      [0, { traceparent: `00-${LONG}-${SPAN}-01` }, 1],
    ] as const) {
      for (const side of ['inbound', 'outbound'] as const) {
        const rig = await rigWith({ tracing: { sampledFraction: fraction } })
        const seen = await through(rig, side, header)
        const recorded = await spansOf(rig)
        expect(recorded).toHaveLength(spans)
        if ('x-b3-flags' in header) {
          expect(seen['x-b3-flags']).toBe('1')
          expect(recorded[0]?.debug).toBe(true)
        } else {
          expect(seen['x-b3-sampled']).toBe(String(spans))
        }
      }
    }
  })

  it('made inbound holds for what the app then asks, though it says only the ids', async () => {
    for (const [fraction, sampled] of [
      [1, '0'],
      [0, '1'],
    ] as const) {
      const rig = await rigWith({ tracing: { sampledFraction: fraction } })
      const ids = { 'x-b3-traceid': LONG, 'x-b3-spanid': SPAN }
      await through(rig, 'inbound', { ...ids, 'x-b3-sampled': sampled })
      const seen = await through(rig, 'outbound', ids)
      expect(seen['x-b3-sampled']).toBe(sampled)
      expect(await spansOf(rig)).toHaveLength(sampled === '1' ? 2 : 0)
    }
  })

  it('of one trace is not that of the next, though their ids are counted up', async () => {
    const rig = await rigWith()
    const idsOf = (trace: string): Record<string, string> => ({ 'x-b3-traceid': trace, 'x-b3-spanid': SPAN })
    await through(rig, 'inbound', { ...idsOf('00000000000000a1'), 'x-b3-sampled': '0' })
    await through(rig, 'inbound', { ...idsOf('00000000000000a2'), 'x-b3-sampled': '1' })
    expect((await through(rig, 'outbound', idsOf('00000000000000a1')))['x-b3-sampled']).toBe('0')
    expect((await through(rig, 'outbound', idsOf('00000000000000a2')))['x-b3-sampled']).toBe('1')
  })

  it('is "all" at 1 and "none" at 0, and the request still carries ids', async () => {
    for (const [fraction, sampled] of [
      [1, '1'],
      [0, '0'],
    ] as const) {
      const rig = await rigWith({ tracing: { sampledFraction: fraction } })
      for (let count = 0; count < 50; count++) {
        const seen = await through(rig, count % 2 === 0 ? 'outbound' : 'inbound')
        expect(seen['x-b3-sampled']).toBe(sampled)
        expect(seen['x-b3-traceid']).toMatch(/^[0-9a-f]{32}$/)
      }
      expect(await spansOf(rig)).toHaveLength(fraction * 50)
    }
  })
})
