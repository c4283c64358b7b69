import { describe, expect, it } from 'vitest'
import { closedAfterEach } from './testing/cleanup.ts'
import { startApp, startTcpApp } from './testing/echo-app.ts'
import { ask, echoOf } from './testing/http-client.ts'
import { rawClient } from './testing/raw-client.ts'
import { type Rig, startRig } from './testing/rig.ts'

const closing = closedAfterEach()

const GET = 'GET / HTTP/1.1\r\nHost: shop.shop:9001\r\n\r\n'
const proxyLine = (port: number): string => `PROXY TCP4 10.1.2.3 10.9.9.9 4711 ${port}\r\n`

describe('an inbound connection', () => {
  it('goes to the port that its PROXY line names', async () => {
    const apps = [closing(await startApp()), closing(await startApp())]
    const [one, two] = apps.map(app => ({ appPort: app.port }))
    const rig = closing(
      await startRig({ inbound: { '9001': one as { appPort: number }, '9002': two as { appPort: number } } }),
    )
    const client = await rawClient(rig.inbound, proxyLine(9002) + GET)
    await client.until('"url"')
    expect(apps.map(app => app.requests.length)).toEqual([0, 1])
    client.socket.destroy()
    await rig.stopSidecar()
    expect(rig.collector.spans[0]).toMatchObject({
      kind: 'SERVER',
      remoteEndpoint: { ipv4: '10.1.2.3', port: 4711 },
      tags: { upstream_cluster: 'shop/shop|9002|local', 'peer.address': `127.0.0.1:${apps[1]?.port}` },
    })
  })

  it('takes a PROXY line in pieces', async () => {
    const app = closing(await startApp())
    const rig = closing(await startRig({ inbound: { '9001': { appPort: app.port } } }))
    const client = await rawClient(rig.inbound)
    for (const byte of proxyLine(9001)) {
      client.write(byte)
      await new Promise(resolve => setImmediate(resolve))
    }
    client.write(GET)
    await client.until('"url"')
    client.socket.destroy()
  })

  it.each([
    'PROXY TCP4 nonsense\r\n',
    'PROXY TCP4 1.1.1.1 2.2.2.2 70000 80\r\n',
    `PROXY TCP4 ${'1'.repeat(200)}`,
  ])('with the malformed line %j is broken off', async line => {
    const app = closing(await startApp())
    const rig = closing(await startRig({ inbound: { '9001': { appPort: app.port } } }))
    const client = await rawClient(rig.inbound, line + GET)
    expect(await client.closed()).not.toContain('HTTP')
    expect(app.requests).toHaveLength(0)
  })

  it('without a PROXY line goes to the only port, or to that of its Host header', async () => {
    const apps = [closing(await startApp()), closing(await startApp())]
    const [one, two] = apps.map(app => app.port)
    const rig = closing(await startRig({ inbound: { '9001': { appPort: one ?? 0 } } }))
    expect(echoOf(await ask({ port: rig.inbound, headers: { host: 'whatever' } })).url).toBe('/')
    await rig.reconfigure({ inbound: { '9001': { appPort: one ?? 0 }, '9002': { appPort: two ?? 0 } } })
    await ask({ port: rig.inbound, headers: { host: 'shop.shop:9002' } })
    expect(apps.map(app => app.requests.length)).toEqual([1, 1])
    const lost = await ask({ port: rig.inbound, headers: { host: 'shop.shop' } })
    expect(lost.status).toBe(404)
    expect(lost.headers['x-kiseki-reason']).toBe('unknown-port')
  })

  it('for a TCP port is relayed, with and without a PROXY line, also where the server speaks first', async () => {
    const app = closing(
      await startTcpApp(socket => {
        socket.write('hello')
        socket.on('data', bytes => socket.write(`<${bytes}>`))
      }),
    )
    const rig = closing(await startRig({ inbound: { '3306': { appPort: app.port, protocol: 'tcp' } } }))
    for (const line of ['', proxyLine(3306)]) {
      const client = await rawClient(rig.inbound, line)
      await client.until('hello')
      client.write('GET')
      await client.until('<GET>')
      client.socket.destroy()
    }
  })

  it('is not taken for CONNECT', async () => {
    const rig = closing(await startRig({ inbound: { '9001': { appPort: 1 } } }))
    const client = await rawClient(rig.inbound, 'CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n')
    expect(await client.closed()).toMatch(/^HTTP\/1\.1 405 /)
  })
})

describe('from sidecar to sidecar', () => {
  /** The app is behind an HTTP port of the one, which is a service to the other. */
  async function pairTo(appPort: number): Promise<{ client: Rig; server: Rig }> {
    const server = closing(
      await startRig({ workload: 'books', inbound: { '9001': { appPort } }, graceMillis: 100 }),
    )
    const via = { address: '127.0.0.1', port: server.inbound }
    const client = closing(
      await startRig({
        workload: 'buyer',
        hosts: { 'books.shop:80': 'shop/books|80' },
        clusters: {
          'shop/books|80': {
            protocol: 'http',
            endpoints: [{ address: '10.4.4.4', port: 9001, weight: 1, via }],
          },
        },
        graceMillis: 100,
      }),
    )
    return { client, server }
  }

  it('the destination travels in a PROXY line, and both halves share one span id', async () => {
    const app = closing(await startApp())
    const { client, server } = await pairTo(app.port)
    const seen = echoOf(await ask({ port: client.outbound, path: '/books/17' }))
    await Promise.all([client.stopSidecar(), server.stopSidecar()])
    const [sent] = client.collector.spans
    const [taken] = server.collector.spans
    expect(sent).toMatchObject({
      kind: 'CLIENT',
      name: 'GET /books/{id}',
      localEndpoint: { serviceName: 'buyer', ipv4: '127.0.0.1' },
      remoteEndpoint: { ipv4: '10.4.4.4', port: 9001 },
      tags: { 'peer.address': '10.4.4.4:9001' },
    })
    expect(taken).toMatchObject({
      kind: 'SERVER',
      shared: true,
      traceId: sent?.traceId,
      id: sent?.id,
      localEndpoint: { serviceName: 'books' },
      remoteEndpoint: { ipv4: '127.0.0.1' },
    })
    expect(seen.headers).toMatchObject({
      'x-b3-traceid': sent?.traceId,
      'x-b3-spanid': sent?.id,
      'x-b3-sampled': '1',
      traceparent: `00-${sent?.traceId}-${sent?.id}-03`,
      'x-request-id': sent?.tags['guid:x-request-id'],
    })
    expect(taken?.tags['guid:x-request-id']).toBe(sent?.tags['guid:x-request-id'])
  })

  it.each([
    ['TLS', '\x16\x03\x01\x02\x00\x01\x00'],
    ['a text of another protocol', 'hello there'],
    ['nothing, because the server speaks first', ''],
  ])('CONNECT carries %s to the app', async (_, said) => {
    const app = closing(
      await startTcpApp(socket => {
        if (said === '') socket.write('220 ready')
        socket.on('data', bytes => socket.write(`got ${bytes.toString('latin1')}`))
      }),
    )
    const { client } = await pairTo(app.port)
    const inside = await rawClient(
      client.outbound,
      `CONNECT books.shop:80 HTTP/1.1\r\nHost: books.shop:80\r\n\r\n${said}`,
    )
    await inside.until(said === '' ? '220 ready' : `got ${said}`)
    inside.write('more')
    await inside.until('more')
    inside.socket.destroy()
  })

  it('CONNECT with HTTP that comes late is traced by both', async () => {
    const app = closing(await startApp())
    const { client, server } = await pairTo(app.port)
    const inside = await rawClient(
      client.outbound,
      'CONNECT books.shop:80 HTTP/1.1\r\nHost: books.shop:80\r\n\r\n',
    )
    await new Promise(resolve => setTimeout(resolve, 150))
    inside.write(GET)
    await inside.until('"url":"/"')
    inside.socket.destroy()
    await Promise.all([client.stopSidecar(), server.stopSidecar()])
    expect(client.collector.spans).toHaveLength(1)
    expect(server.collector.spans).toMatchObject([{ id: client.collector.spans[0]?.id, shared: true }])
  })
})
