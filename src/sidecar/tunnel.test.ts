import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { closedAfterEach } from './testing/cleanup.ts'
import { startApp, startTcpApp } from './testing/echo-app.ts'
import { rawClient } from './testing/raw-client.ts'
import { booksOn, clusterOf, eventually, type RigOptions, startRig } from './testing/rig.ts'

const closing = closedAfterEach()

const CONNECT = 'CONNECT books.shop:80 HTTP/1.1\r\nHost: books.shop:80\r\n\r\n'
const ESTABLISHED = 'HTTP/1.1 200 Connection Established\r\n\r\n'
const GET = 'GET /in HTTP/1.1\r\nHost: virtual.example\r\n\r\n'

const tcpOn = (port: number): RigOptions => ({
  hosts: { 'books.shop:80': 'db' },
  clusters: { db: { ...clusterOf(port), protocol: 'tcp' } },
})

describe('CONNECT', () => {
  it('with HTTP inside is traced, and its connection is kept', async () => {
    const app = closing(await startApp())
    const rig = closing(await startRig({ ...booksOn(app.port), graceMillis: 100 }))
    const client = await rawClient(rig.outbound, CONNECT)
    await client.until(ESTABLISHED)
    client.write(GET)
    const text = await client.until('"url":"/in"')
    expect(text).toContain('x-b3-traceid')
    client.write(GET.replace('/in', '/again'))
    await client.until('"url":"/again"')
    client.socket.destroy()
    await rig.stopSidecar()
    // CONNECT says where to; Host is the application's business.
    expect(
      rig.collector.spans.map(span => [span.name, span.tags['http.url'], span.tags['upstream_cluster']]),
    ).toEqual([
      ['GET /in', 'http://virtual.example/in', 'shop/books|80'],
      ['GET /again', 'http://virtual.example/again', 'shop/books|80'],
    ])
  })

  it('with HTTP that comes at once, or in pieces, or late, is found to be HTTP', async () => {
    const app = closing(await startApp())
    const rig = closing(await startRig({ ...booksOn(app.port), graceMillis: 100 }))
    const atOnce = await rawClient(rig.outbound, CONNECT + GET)
    await atOnce.until('"url":"/in"')
    const inPieces = await rawClient(rig.outbound, CONNECT)
    for (const byte of GET) {
      inPieces.write(byte)
      await new Promise(resolve => setImmediate(resolve))
    }
    await inPieces.until('"url":"/in"')
    const late = await rawClient(rig.outbound, CONNECT)
    await new Promise(resolve => setTimeout(resolve, 120))
    late.write(GET)
    await late.until('"url":"/in"')
    for (const client of [atOnce, inPieces, late]) client.socket.destroy()
    await rig.stopSidecar()
    expect(rig.collector.spans).toHaveLength(3)
  })

  it('by the fetch of Node is traced', async () => {
    const app = closing(await startApp())
    const rig = closing(await startRig({ ...booksOn(app.port), graceMillis: 100 }))
    const program = `const r = await fetch('http://books.shop/from-fetch?x=1'); console.log((await r.json()).url)`
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], {
      env: { HTTP_PROXY: `http://127.0.0.1:${rig.outbound}`, NODE_USE_ENV_PROXY: '1' },
    })
    expect(stdout.trim()).toBe('/from-fetch?x=1')
    await rig.stopSidecar()
    expect(rig.collector.spans.map(span => span.name)).toEqual(['GET /from-fetch'])
  })

  it.each([
    ['a TLS client hello', Buffer.from('16030102000100', 'hex')],
    ['a line that is no request', Buffer.from('HELO me\r\n')],
  ])('with %s inside is relayed byte by byte', async (_, hello) => {
    const app = closing(await startTcpApp(socket => void socket.on('data', bytes => socket.write(bytes))))
    const rig = closing(await startRig({ ...booksOn(app.port), graceMillis: 100 }))
    const client = await rawClient(rig.outbound, CONNECT)
    await client.until(ESTABLISHED)
    client.write(hello)
    await client.until(hello.toString('latin1'))
    client.write('more')
    expect(await client.until('more')).toBe(`${ESTABLISHED}${hello.toString('latin1')}more`)
    client.socket.destroy()
    await rig.stopSidecar()
    expect(rig.collector.spans.map(span => span.name)).toEqual(['TCP shop/books|80'])
  })

  it('lets a server speak first', async () => {
    const app = closing(
      await startTcpApp(socket => {
        socket.write('220 ready\r\n')
        socket.on('data', bytes => socket.write(`got ${bytes}`))
      }),
    )
    for (const options of [booksOn(app.port), tcpOn(app.port)]) {
      const rig = closing(await startRig({ ...options, graceMillis: 100 }))
      const client = await rawClient(rig.outbound, CONNECT)
      await client.until('220 ready\r\n')
      client.write('GET / HTTP/1.1\r\n')
      await client.until('got GET / HTTP/1.1\r\n')
      client.socket.destroy()
    }
  })

  it.each(['HELLO', 'PING', 'EHLO me'])('relays %j, whose client waits for an answer to it', async said => {
    const app = closing(
      await startTcpApp(socket => void socket.on('data', bytes => socket.write(`got ${bytes}`))),
    )
    const rig = closing(await startRig({ ...booksOn(app.port), graceMillis: 100 }))
    const client = await rawClient(rig.outbound, CONNECT)
    await client.until(ESTABLISHED)
    client.write(said)
    await client.until(`got ${said}`)
    client.socket.destroy()
  })

  it('answers 408 to a head that never becomes whole', async () => {
    const app = closing(await startApp())
    const rig = closing(await startRig({ ...booksOn(app.port), timeoutMillis: 100 }))
    const client = await rawClient(rig.outbound, `${CONNECT}GET /never`)
    expect(await client.closed()).toContain('HTTP/1.1 408 ')
  })

  it('carries large amounts both ways, and the end of each side', async () => {
    const size = 5_000_000
    let received = 0
    const app = closing(
      await startTcpApp(socket => {
        socket.on('data', (bytes: Buffer) => {
          received += bytes.length
        })
        socket.on('end', () => socket.end(Buffer.alloc(size, 'b')))
      }),
    )
    const rig = closing(await startRig(tcpOn(app.port)))
    const client = await rawClient(rig.outbound, CONNECT)
    await client.until(ESTABLISHED)
    client.write(Buffer.alloc(size, 'a'))
    client.socket.end()
    const text = await client.closed()
    expect(received).toBe(size)
    expect(text.length).toBe(ESTABLISHED.length + size)
  })

  it('passes a reset on', async () => {
    const app = closing(await startTcpApp(socket => void socket.on('data', () => socket.resetAndDestroy())))
    const rig = closing(await startRig(tcpOn(app.port)))
    const client = await rawClient(rig.outbound, CONNECT)
    await client.until(ESTABLISHED)
    client.write('x')
    expect(await client.closed()).toContain('<ECONNRESET>')
  })

  it('to a TCP endpoint that is not there is answered 502', async () => {
    const app = await startApp()
    await app.close()
    const rig = closing(await startRig(tcpOn(app.port)))
    const client = await rawClient(rig.outbound, CONNECT)
    expect(await client.closed()).toMatch(/^HTTP\/1\.1 502 .*x-kiseki-reason: connect-failed/s)
  })

  it('to a host beyond the mesh follows the rule for egress', async () => {
    const app = closing(await startTcpApp(socket => void socket.on('data', bytes => socket.write(bytes))))
    const rig = closing(await startRig({ egress: true, graceMillis: 100 }))
    const authority = `localhost:${app.port}`
    const connect = CONNECT.replaceAll('books.shop:80', authority)
    const client = await rawClient(rig.outbound, connect)
    await client.until(ESTABLISHED)
    client.write('\x16\x03')
    await client.until('\x16\x03')
    client.socket.destroy()
    await rig.reconfigure({ egress: false })
    const refused = await rawClient(rig.outbound, connect)
    expect(await refused.closed()).toMatch(/^HTTP\/1\.1 403 /)
  })

  it('whose client goes away while nobody has spoken leaves nothing behind', async () => {
    const app = closing(await startTcpApp(socket => void socket.resume()))
    const rig = closing(await startRig({ ...booksOn(app.port), graceMillis: 100 }))
    const client = await rawClient(rig.outbound, CONNECT)
    await client.until(ESTABLISHED)
    await eventually(() => app.sockets.length === 1)
    client.socket.resetAndDestroy()
    await eventually(() => app.sockets[0]?.readableEnded === true || app.sockets[0]?.destroyed === true)
  })

  it('that one side has ended is closed when the other says nothing more', async () => {
    const app = closing(await startTcpApp(socket => void socket.resume()))
    const rig = closing(await startRig({ ...tcpOn(app.port), timeoutMillis: 50 }))
    const client = await rawClient(rig.outbound, CONNECT)
    await client.until(ESTABLISHED)
    client.socket.end()
    await client.closed()
  })
})
