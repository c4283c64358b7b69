import { once } from 'node:events'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { createServer as createTlsServer, connect as secure } from 'node:tls'
import { describe, expect, it } from 'vitest'
import { createAuthority, issueServerCertificate } from '../runtime/certificates/certificates.ts'
import { closedAfterEach } from './testing/cleanup.ts'
import { startApp, startTcpApp } from './testing/echo-app.ts'
import type { SentSpan } from './testing/fake-collector.ts'
import { ask } from './testing/http-client.ts'
import { rawClient } from './testing/raw-client.ts'
import {
  booksOn,
  clusterOf,
  eventually,
  POD_UID,
  type Rig,
  type RigOptions,
  startRig,
} from './testing/rig.ts'

const closing = closedAfterEach()

const CONNECT = 'CONNECT books.shop:80 HTTP/1.1\r\nHost: books.shop:80\r\n\r\n'
const ESTABLISHED = 'HTTP/1.1 200 Connection Established\r\n\r\n'
const TRACE = '463ac35c9f6413ad48485a3953bb6124'
const SPAN = 'a2fb4a1d1a96d312'

const tcpOn = (port: number): RigOptions => ({
  hosts: { 'books.shop:80': 'shop/db|3306' },
  clusters: { 'shop/db|3306': { ...clusterOf(port), protocol: 'tcp' } },
})

async function echo(): Promise<number> {
  const app = await startTcpApp(socket => {
    socket.on('data', bytes => socket.write(bytes))
    socket.on('end', () => socket.end())
  })
  return closing(app).port
}

async function spansOf(rig: Rig): Promise<readonly SentSpan[]> {
  await rig.stopSidecar()
  return rig.collector.spans
}

/** A connection to `books.shop:80` through the sidecar, which has been answered. */
async function tunnel(rig: Rig, request = CONNECT) {
  const client = await rawClient(rig.outbound, request)
  await client.until(ESTABLISHED)
  return client
}

describe('the span of a relayed connection', () => {
  it('says what went to and fro, when it has ended', async () => {
    const port = await echo()
    const rig = closing(await startRig(tcpOn(port)))
    const client = await tunnel(rig)
    client.write('hello')
    await client.until('hello')
    expect(rig.sidecar.spans.recorded).toBe(0)
    client.socket.end()
    await client.closed()
    await eventually(() => rig.sidecar.spans.recorded === 1)
    const [span] = await spansOf(rig)
    expect(span).toMatchObject({
      kind: 'CLIENT',
      name: 'TCP shop/db|3306',
      localEndpoint: { serviceName: 'shop', ipv4: '127.0.0.1' },
      remoteEndpoint: { ipv4: '127.0.0.1', port },
    })
    expect(span?.tags).toEqual({
      component: 'proxy',
      node_id: POD_UID,
      'k8s.namespace.name': 'shop',
      'k8s.pod.name': 'shop-7d9f-x2',
      'network.transport': 'tcp',
      'network.peer.address': '127.0.0.1',
      'network.peer.port': String(port),
      'server.address': 'books.shop',
      'server.port': '80',
      sent_bytes: '5',
      received_bytes: '5',
      'peer.address': `127.0.0.1:${port}`,
      upstream_cluster: 'shop/db|3306',
    })
    expect(span).not.toHaveProperty('parentId')
    expect(span?.duration).toBeGreaterThan(0)
  })

  it('of a port for TCP names the client', async () => {
    const rig = closing(await startRig({ inbound: { '3306': { appPort: await echo(), protocol: 'tcp' } } }))
    const client = await rawClient(rig.inbound, 'PROXY TCP4 10.1.2.3 10.9.9.9 4711 3306\r\nhello')
    await client.until('hello')
    client.socket.end()
    await client.closed()
    expect(await spansOf(rig)).toMatchObject([
      {
        kind: 'SERVER',
        name: 'TCP shop/shop|3306|local',
        remoteEndpoint: { ipv4: '10.1.2.3', port: 4711 },
        tags: { 'network.peer.address': '10.1.2.3', sent_bytes: '5', received_bytes: '5' },
      },
    ])
  })

  it('counts large amounts exactly, in the counters of the cluster too', async () => {
    const size = 3_000_000
    const app = closing(
      await startTcpApp(socket => void socket.resume().on('end', () => socket.end(Buffer.alloc(size, 'b')))),
    )
    const rig = closing(await startRig(tcpOn(app.port)))
    const client = await tunnel(rig)
    client.socket.end(Buffer.alloc(size + 1, 'a'))
    await client.closed()
    const stats = (await ask({ port: rig.sidecar.ports.metrics, path: '/metrics' })).body.toString()
    expect(stats).toContain(`cx_tx_bytes_total{sidecar_cluster_name="shop/db|3306"} ${size + 1}\n`)
    expect(stats).toContain(`cx_rx_bytes_total{sidecar_cluster_name="shop/db|3306"} ${size}\n`)
    const [span] = await spansOf(rig)
    expect(span?.tags).toMatchObject({ sent_bytes: String(size + 1), received_bytes: String(size) })
  })

  it('joins the trace that CONNECT names, and obeys its decision', async () => {
    const rig = closing(await startRig({ ...tcpOn(await echo()), tracing: { sampledFraction: 0 } }))
    for (const sampled of ['1', '0']) {
      const b3 = `x-b3-traceid: ${TRACE}\r\nx-b3-spanid: ${SPAN}\r\nx-b3-sampled: ${sampled}\r\n\r\n`
      const client = await tunnel(rig, CONNECT.replace(/\r\n$/, b3))
      client.socket.end()
      await client.closed()
    }
    expect(await spansOf(rig)).toMatchObject([{ traceId: TRACE, parentId: SPAN, kind: 'CLIENT' }])
  })

  it('is sampled by the fraction where nobody has decided', async () => {
    const rig = closing(await startRig({ ...tcpOn(await echo()), tracing: { sampledFraction: 0 } }))
    const client = await tunnel(rig)
    client.socket.end()
    await client.closed()
    expect(await spansOf(rig)).toEqual([])
  })

  it('of what a request became is a child of its span', async () => {
    const app = closing(await startApp())
    app.server.on('upgrade', (_, socket: Socket) => {
      socket.write('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\nhi')
      socket.on('data', bytes => socket.write(bytes))
      socket.on('end', () => socket.end())
    })
    const rig = closing(await startRig(booksOn(app.port)))
    const client = await rawClient(
      rig.outbound,
      'GET /chat HTTP/1.1\r\nhost: books.shop\r\nconnection: upgrade\r\nupgrade: WebSocket\r\n\r\n',
    )
    const head = await client.until('\r\n\r\nhi')
    client.write('ping')
    await client.until('hiping')
    client.socket.end()
    await client.closed()
    const [request, relay] = await spansOf(rig)
    expect(head).toContain(`traceresponse: 00-${request?.traceId}-${request?.id}-03\r\n`)
    expect(request).toMatchObject({ name: 'GET /chat', tags: { 'http.status_code': '101' } })
    expect(relay).toMatchObject({
      traceId: request?.traceId,
      parentId: request?.id,
      name: 'TCP shop/books|80',
      tags: { 'network.protocol.name': 'websocket', sent_bytes: '4', received_bytes: '6' },
    })
  })

  it('is written also for a connection that the end of the sidecar cuts', async () => {
    const rig = closing(await startRig({ ...tcpOn(await echo()), graceMillis: 50 }))
    const client = await tunnel(rig)
    client.write('abc')
    await client.until('abc')
    const [span] = await spansOf(rig)
    expect(span?.tags).toMatchObject({
      sent_bytes: '3',
      received_bytes: '3',
      error: 'the sidecar stopped before the exchange was complete',
    })
    await client.closed()
  })

  it('names are bounded, also where apps make up hosts', async () => {
    const rig = closing(await startRig({ egress: true }))
    for (let port = 1; port <= 210; port++) {
      const client = await rawClient(
        rig.outbound,
        `CONNECT 127.9.9.9:${port} HTTP/1.1\r\nhost: h\r\n\r\n\x16`,
      )
      await client.closed()
    }
    const names = new Set((await spansOf(rig)).map(span => span.name))
    expect(names.size).toBe(201)
    expect(names).toContain('TCP')
    expect(names).toContain('TCP 127.9.9.9:1')
  })
})

describe('how a relayed connection ended', () => {
  it('is in its span: the endpoint is not there', async () => {
    const app = await startApp()
    await app.close()
    const rig = closing(await startRig(tcpOn(app.port)))
    const client = await rawClient(rig.outbound, CONNECT)
    expect(await client.closed()).toContain('502')
    expect((await spansOf(rig))[0]?.tags).toMatchObject({
      error: 'cannot connect to the endpoint',
      sent_bytes: '0',
    })
  })

  it('is in its span: no endpoint, or no such host', async () => {
    const none: RigOptions = {
      hosts: { 'books.shop:80': 'db' },
      clusters: { db: { protocol: 'tcp', endpoints: [] } },
    }
    const rig = closing(await startRig(none))
    await (await rawClient(rig.outbound, CONNECT)).closed()
    await rig.reconfigure({ egress: false })
    await (await rawClient(rig.outbound, CONNECT.replaceAll('books', 'other'))).closed()
    expect((await spansOf(rig)).map(span => [span.name, span.tags['error']])).toEqual([
      ['TCP db', 'no endpoint of the cluster is ready'],
      ['TCP other.shop:80', 'the mesh does not know the host, and egress is off'],
    ])
  })

  it('is in its span: a side reset it', async () => {
    const app = closing(await startTcpApp(socket => void socket.on('data', () => socket.resetAndDestroy())))
    const rig = closing(await startRig(tcpOn(app.port)))
    const reset = await tunnel(rig)
    reset.write('x')
    await reset.closed()
    await eventually(() => rig.sidecar.spans.recorded === 1)
    const resetting = await tunnel(rig)
    await eventually(() => app.sockets.length === 2)
    resetting.socket.resetAndDestroy()
    await eventually(() => rig.sidecar.spans.recorded === 2)
    expect((await spansOf(rig)).map(span => span.tags['error'])).toEqual([
      'the endpoint reset the connection',
      'the client reset the connection',
    ])
  })

  it('is in its span: one side ended, the other never did', async () => {
    const app = closing(await startTcpApp(socket => void socket.resume()))
    const rig = closing(await startRig({ ...tcpOn(app.port), timeoutMillis: 50 }))
    const client = await tunnel(rig)
    client.socket.end()
    await client.closed()
    expect((await spansOf(rig))[0]?.tags['error']).toBe('one side had ended, and the other said nothing more')
  })
})

describe('TLS', () => {
  async function tlsServer(): Promise<{ readonly port: number; readonly ca: string }> {
    const lifetime = { now: new Date(), validDays: 1 }
    const authority = await createAuthority({ commonName: 'test', ...lifetime })
    const issued = {
      authority,
      dnsNames: ['secure.shop'],
      ipAddresses: [],
      commonName: 'secure.shop',
      ...lifetime,
    }
    const { certPem, keyPem } = await issueServerCertificate(issued)
    const server = createTlsServer({ cert: certPem, key: keyPem }, socket => {
      socket.on('error', () => undefined)
      socket.pipe(socket)
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    closing({ close: () => new Promise<void>(resolve => server.close(() => resolve())) })
    return { port: (server.address() as AddressInfo).port, ca: authority.certPem }
  }

  /** A handshake that checks the certificate, and a megabyte there and back. */
  async function talk(socket: Socket, ca: string): Promise<void> {
    const client = secure({ socket, ca, servername: 'secure.shop' })
    await once(client, 'secureConnect')
    const said = Buffer.alloc(1_000_000, 's')
    let heard = 0
    client.on('data', (bytes: Buffer) => {
      heard += bytes.length
      if (heard === said.length) client.end()
    })
    client.write(said)
    await once(client, 'close')
    expect(heard).toBe(said.length)
  }

  it.each(['http', 'tcp'] as const)('passes through CONNECT to a %s port untouched', async protocol => {
    const { port, ca } = await tlsServer()
    const options = protocol === 'tcp' ? tcpOn(port) : booksOn(port)
    const rig = closing(await startRig(options))
    const { socket } = await tunnel(rig)
    socket.removeAllListeners('data').removeAllListeners('end')
    await talk(socket, ca)
    const [span] = await spansOf(rig)
    expect(span?.tags).toMatchObject({
      'network.protocol.name': 'tls',
      'tls.client.server_name': 'secure.shop',
      'server.address': 'books.shop',
    })
    expect(Number(span?.tags['sent_bytes'])).toBeGreaterThan(1_000_000)
    expect(span?.tags).not.toHaveProperty('error')
  })

  it('passes through a port for TCP untouched', async () => {
    const { port, ca } = await tlsServer()
    const rig = closing(await startRig({ inbound: { '443': { appPort: port, protocol: 'tcp' } } }))
    await talk(connect({ port: rig.inbound, host: '127.0.0.1' }), ca)
    expect((await spansOf(rig))[0]).toMatchObject({
      kind: 'SERVER',
      tags: { 'tls.client.server_name': 'secure.shop', 'network.protocol.name': 'tls' },
    })
  })
})
