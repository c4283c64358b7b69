import { once } from 'node:events'
import { request, type ServerResponse } from 'node:http'
import { describe, expect, it } from 'vitest'
import { closedAfterEach } from './testing/cleanup.ts'
import { startApp, startTcpApp } from './testing/echo-app.ts'
import { ask } from './testing/http-client.ts'
import { rawClient } from './testing/raw-client.ts'
import { booksOn, eventually, startRig } from './testing/rig.ts'

const closing = closedAfterEach()

const GET = 'GET / HTTP/1.1\r\nhost: books.shop\r\n\r\n'
const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'

describe('connections to endpoints', () => {
  it('are used again, and there are as many as are needed at a time', async () => {
    const held: ServerResponse[] = []
    const app = closing(
      await startApp((_, response) => {
        held.push(response)
        if (held.length === 1 || held.length === 6) for (const each of held) each.end('ok')
      }),
    )
    let connections = 0
    app.server.on('connection', () => connections++)
    const rig = closing(await startRig(booksOn(app.port)))
    await ask({ port: rig.outbound })
    await Promise.all(Array.from({ length: 5 }, () => ask({ port: rig.outbound })))
    expect(connections).toBe(5)
  })

  it('are not used again after the server said close, or promised not to wait', async () => {
    for (const head of ['connection: close', 'keep-alive: timeout=0\r\nx: y']) {
      const app = closing(
        await startTcpApp(socket => {
          socket.on('data', () => socket.write(`HTTP/1.1 200 OK\r\n${head}\r\ncontent-length: 2\r\n\r\nok`))
        }),
      )
      const rig = closing(await startRig(booksOn(app.port)))
      await ask({ port: rig.outbound })
      await new Promise(resolve => setTimeout(resolve, 60))
      await ask({ port: rig.outbound })
      expect(app.sockets).toHaveLength(2)
    }
  })

  /** Answers the first request of the first connection, and closes at its second. */
  const stale = () =>
    startTcpApp((socket, index) => {
      let requests = 0
      socket.on('data', () => {
        if (index === 0 && ++requests > 1) socket.destroy()
        else socket.write(OK)
      })
    })

  it('that the server had closed are replaced once, for requests that may be sent twice', async () => {
    const app = closing(await stale())
    const rig = closing(await startRig(booksOn(app.port)))
    const client = await rawClient(rig.outbound, GET)
    await client.until('ok')
    client.write(GET.replace('GET / ', 'GET /again '))
    await eventually(() => client.received.split('200 OK').length === 3)
    expect(app.sockets).toHaveLength(2)
    client.socket.destroy()
    await rig.stopSidecar()
    const spans = rig.collector.spans
    // The attempt that failed is a span of its own.
    expect(spans.map(span => span.tags['error'] ?? 'none')).toEqual([
      'none',
      'the idle connection was closed; sent again',
      'none',
    ])
    expect(new Set(spans.map(span => span.id)).size).toBe(3)
    expect(spans[1]?.traceId).toBe(spans[2]?.traceId)
  })

  it('that an app had closed are replaced, and the attempt at it is the server half of the client', async () => {
    const heads: string[] = []
    const app = closing(
      await startTcpApp((socket, index) => {
        socket.on('data', bytes => {
          heads.push(bytes.toString())
          if (index === 0 && heads.length > 1) socket.destroy()
          else socket.write(OK)
        })
      }),
    )
    const rig = closing(await startRig({ inbound: { '9001': { appPort: app.port } } }))
    await ask({ port: rig.inbound })
    const [traceId, id, parentId] = ['aaaaaaaaaaaaaaa1', 'bbbbbbbbbbbbbbb2', 'ccccccccccccccc3']
    const b3 = { 'x-b3-traceid': traceId, 'x-b3-spanid': id, 'x-b3-parentspanid': parentId }
    await ask({ port: rig.inbound, headers: b3 })
    await rig.stopSidecar()
    const [, first, second] = rig.collector.spans
    expect(first).toMatchObject({ traceId, id, parentId, shared: true })
    expect(second).toMatchObject({ traceId, parentId: id })
    expect(second?.id).not.toBe(id)
    expect(second).not.toHaveProperty('shared')
    expect(heads[1]).toContain(`x-b3-spanid: ${id}\r\n`)
    expect(heads[2]).toContain(`x-b3-spanid: ${second?.id}\r\nx-b3-parentspanid: ${id}\r\n`)
  })

  it('that the server had closed give 502 to requests that may not', async () => {
    const app = closing(await stale())
    const rig = closing(await startRig(booksOn(app.port)))
    await ask({ port: rig.outbound })
    const answer = await ask({ port: rig.outbound, method: 'POST', body: Buffer.from('x') })
    expect(answer.status).toBe(502)
    expect(answer.headers['x-kiseki-reason']).toBe('upstream-closed')
  })

  it('that cannot be made give 502', async () => {
    const app = await startApp()
    await app.close()
    const rig = closing(await startRig(booksOn(app.port)))
    const answer = await ask({ port: rig.outbound })
    expect(answer.status).toBe(502)
    expect(answer.headers['x-kiseki-reason']).toBe('connect-failed')
  })

  it('are closed when nothing names their endpoint any more', async () => {
    const app = closing(await startTcpApp(socket => void socket.on('data', () => socket.write(OK))))
    const rig = closing(await startRig(booksOn(app.port)))
    await ask({ port: rig.outbound })
    const [socket] = app.sockets
    await Promise.all([once(socket as NonNullable<typeof socket>, 'end'), rig.reconfigure({})])
  })

  it('are closed before another sidecar finds them idle for too long', async () => {
    const app = closing(await startTcpApp(socket => void socket.on('data', () => socket.write(OK))))
    const rig = closing(await startRig({ ...booksOn(app.port), timeoutMillis: 200 }))
    await ask({ port: rig.outbound })
    await eventually(() => app.sockets[0]?.readableEnded === true)
  })

  it('stay when the next configuration names their endpoint too', async () => {
    const app = closing(await startApp())
    let connections = 0
    app.server.on('connection', () => connections++)
    const rig = closing(await startRig(booksOn(app.port)))
    await ask({ port: rig.outbound })
    await rig.reconfigure({ ...booksOn(app.port), timeoutMillis: 1234 })
    await ask({ port: rig.outbound })
    expect(connections).toBe(1)
  })
})

describe('what breaks off', () => {
  it('before the response gives 502, after its beginning breaks the client off too', async () => {
    const app = closing(
      await startTcpApp(socket => {
        socket.once('data', bytes => {
          if (bytes.includes('GET /half')) socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf')
          setTimeout(() => socket.destroy(), 20)
        })
      }),
    )
    const rig = closing(await startRig(booksOn(app.port)))
    expect((await ask({ port: rig.outbound })).status).toBe(502)
    const client = await rawClient(rig.outbound, GET.replace('GET /', 'GET /half'))
    expect(await client.closed()).toMatch(/half<ECONNRESET>$/)
    await rig.stopSidecar()
    const [none, half] = rig.collector.spans
    expect(none?.tags).toMatchObject({
      'http.status_code': '502',
      error: 'the endpoint closed the connection before its response',
    })
    expect(half?.tags).toMatchObject({
      'http.status_code': '200',
      error: 'the endpoint ended in the middle of its response',
      response_size: '4',
    })
  })

  it('is seen by a client of an answer that lasts until its connection ends', async () => {
    const app = closing(
      await startTcpApp(socket => {
        socket.once('data', () => {
          socket.write('HTTP/1.1 200 OK\r\n\r\nhalf')
          setTimeout(() => socket.resetAndDestroy(), 20)
        })
      }),
    )
    const rig = closing(await startRig(booksOn(app.port)))
    const client = await rawClient(rig.outbound, GET)
    expect(await client.closed()).toMatch(/half<ECONNRESET>$/)
    await rig.stopSidecar()
    expect(rig.collector.spans[0]?.tags['error']).toBe('the endpoint reset the connection')
  })

  it('because the client goes away ends the request at the endpoint, and is a span with an error', async () => {
    let closed = 0
    const app = closing(
      await startApp((_, response) => {
        response.on('close', () => closed++)
        response.flushHeaders()
      }),
    )
    const rig = closing(await startRig(booksOn(app.port)))
    const asking = request({ port: rig.outbound, host: '127.0.0.1', headers: { host: 'books.shop' } })
    asking.on('error', () => undefined)
    asking.end()
    await once(asking, 'response')
    asking.destroy()
    await eventually(() => closed === 1)
    await rig.stopSidecar()
    expect(rig.collector.spans[0]?.tags).toMatchObject({
      'http.status_code': '200',
      error: 'the client went away before the response was complete',
    })
  })

  it('because the client ends in the middle of its request is answered 400', async () => {
    const app = closing(await startTcpApp(() => undefined))
    const rig = closing(await startRig(booksOn(app.port)))
    const client = await rawClient(
      rig.outbound,
      'POST / HTTP/1.1\r\nhost: books.shop\r\ncontent-length: 10\r\n\r\nhal',
    )
    client.socket.end()
    expect(await client.closed()).toMatch(/^HTTP\/1\.1 400 /)
    await rig.stopSidecar()
    expect(rig.collector.spans[0]?.tags).toMatchObject({ request_size: '3', 'http.status_code': '400' })
  })

  it('because a chunk is malformed is answered 400 while the request runs', async () => {
    const app = closing(await startTcpApp(() => undefined))
    const rig = closing(await startRig(booksOn(app.port)))
    const client = await rawClient(
      rig.outbound,
      'POST / HTTP/1.1\r\nhost: books.shop\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n',
    )
    await eventually(() => app.sockets.length === 1)
    client.write('nonsense\r\n')
    expect(await client.closed()).toMatch(/^HTTP\/1\.1 400 /)
  })
})
