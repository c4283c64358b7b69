import { randomBytes } from 'node:crypto'
import { Agent, type IncomingMessage, type ServerResponse } from 'node:http'
import { describe, expect, it } from 'vitest'
import { closedAfterEach } from './testing/cleanup.ts'
import { startApp, startTcpApp } from './testing/echo-app.ts'
import { ask } from './testing/http-client.ts'
import { rawClient } from './testing/raw-client.ts'
import { booksOn, eventually, startRig } from './testing/rig.ts'

const closing = closedAfterEach()

/** Sends the body back: `/cl` with its length, `/close` until the end, else chunked with a trailer. */
function mirror(message: IncomingMessage, response: ServerResponse): void {
  const parts: Buffer[] = []
  message.on('data', (part: Buffer) => parts.push(part))
  message.on('end', () => {
    const body = Buffer.concat(parts)
    if (message.url === '/cl') {
      response.writeHead(200, { 'content-length': body.length }).end(body)
    } else if (message.url === '/close') {
      response.useChunkedEncodingByDefault = false
      response.writeHead(200, { connection: 'close' }).end(body)
    } else {
      response.writeHead(200, { trailer: 'x-sum' })
      response.addTrailers({ 'x-sum': String(body.length) })
      response.end(body)
    }
  })
}

const GET = 'GET / HTTP/1.1\r\nHost: books.shop\r\n\r\n'

describe('bodies', () => {
  it.each([0, 1, 1000, 65_536, 300_000, 3_000_000])(
    'of %i bytes come through whole, however they are framed',
    async size => {
      const app = closing(await startApp(mirror))
      const rig = closing(await startRig(booksOn(app.port)))
      const body = randomBytes(size)
      const agent = new Agent({ keepAlive: true })
      for (const chunked of [false, true]) {
        for (const path of ['/cl', '/chunked', '/close']) {
          const answer = await ask({ port: rig.outbound, method: 'POST', path, body, chunked, agent })
          expect(answer.status).toBe(200)
          expect(answer.body.equals(body)).toBe(true)
          if (path === '/chunked') expect(answer.trailers['x-sum']).toBe(String(size))
        }
      }
      agent.destroy()
    },
  )

  it('of 200 exchanges at the same time are not mixed up', async () => {
    const app = closing(await startApp(mirror))
    const rig = closing(await startRig(booksOn(app.port)))
    const agent = new Agent({ keepAlive: true, maxSockets: 50 })
    const exchanges = Array.from({ length: 200 }, async (_, index) => {
      const body = randomBytes(100 + index * 997)
      const path = index % 2 === 0 ? '/cl' : '/chunked'
      const answer = await ask({
        port: rig.outbound,
        method: 'POST',
        path,
        body,
        chunked: index % 3 === 0,
        agent,
      })
      return answer.body.equals(body)
    })
    expect(await Promise.all(exchanges)).toEqual(Array.from({ length: 200 }, () => true))
    agent.destroy()
  })
})

describe('messages', () => {
  it('answers pipelined requests in their order', async () => {
    const app = closing(
      await startApp((message, response) => {
        // The first is the slowest.
        setTimeout(() => response.end(`<${message.url}>`), message.url === '/1' ? 40 : 0)
      }),
    )
    const rig = closing(await startRig(booksOn(app.port)))
    const requests = ['/1', '/2', '/3', '/4'].map(path => GET.replace('GET /', `GET ${path}`)).join('')
    const client = await rawClient(rig.outbound, requests)
    const text = await client.until('</4>')
    expect(text.match(/<\/\d>/g)).toEqual(['</1>', '</2>', '</3>', '</4>'])
    client.socket.destroy()
  })

  it('answers very many pipelined requests that it refuses', async () => {
    const rig = closing(await startRig())
    const client = await rawClient(rig.outbound, GET.repeat(5000))
    await eventually(() => client.received.split('egress-off').length === 5001)
    client.socket.destroy()
  })

  it('reads a request that comes byte by byte', async () => {
    const app = closing(await startApp())
    const rig = closing(await startRig(booksOn(app.port)))
    const client = await rawClient(rig.outbound)
    client.socket.setNoDelay(true)
    for (const byte of 'POST /x HTTP/1.1\r\nhost: books.shop\r\ncontent-length: 3\r\n\r\nabc') {
      client.write(byte)
      await new Promise(resolve => setImmediate(resolve))
    }
    expect(await client.until('"body":"abc"')).toContain('HTTP/1.1 200')
    client.socket.destroy()
  })

  it('relays HEAD, 204 and 304 without bodies and keeps the connection', async () => {
    const app = closing(
      await startApp((message, response) => {
        if (message.method === 'HEAD') response.writeHead(200, { 'content-length': 1000 }).end()
        else response.writeHead(Number(message.url?.slice(1)), { etag: 'x' }).end()
      }),
    )
    const rig = closing(await startRig(booksOn(app.port)))
    const client = await rawClient(rig.outbound)
    client.write(GET.replace('GET', 'HEAD'))
    expect(await client.until('content-length: 1000\r\n')).toContain('200 OK')
    client.write(GET.replace('GET /', 'GET /204'))
    await client.until('204 No Content')
    client.write(GET.replace('GET /', 'GET /304'))
    await client.until('304 Not Modified')
    client.write(GET.replace('GET /', 'GET /200'))
    await client.until('200 OK\r\netag')
    client.socket.destroy()
  })

  it('relays 100 Continue and early hints', async () => {
    const app = closing(
      await startApp((message, response) => {
        response.writeEarlyHints({ link: '</style.css>; rel=preload' })
        mirror(message, response)
      }),
    )
    const rig = closing(await startRig(booksOn(app.port)))
    const client = await rawClient(
      rig.outbound,
      'POST /cl HTTP/1.1\r\nhost: books.shop\r\nexpect: 100-continue\r\ncontent-length: 5\r\n\r\n',
    )
    await client.until('HTTP/1.1 100 Continue\r\n\r\n')
    client.write('hello')
    const text = await client.until('\r\n\r\nhello')
    expect(text).toContain('HTTP/1.1 103 Early Hints\r\n')
    client.socket.destroy()
  })

  it('passes an early answer on while the request still comes, and ends the connection', async () => {
    const app = closing(
      await startTcpApp(socket => {
        socket.once('data', () =>
          socket.write('HTTP/1.1 413 Content Too Large\r\ncontent-length: 3\r\n\r\nbig'),
        )
      }),
    )
    const rig = closing(await startRig(booksOn(app.port)))
    const client = await rawClient(
      rig.outbound,
      'POST / HTTP/1.1\r\nhost: books.shop\r\ncontent-length: 1000000\r\n\r\nbeginning',
    )
    expect(await client.closed()).toContain('\r\n\r\nbig')
  })

  it('answers a client that has ended its side', async () => {
    const app = closing(await startApp())
    const rig = closing(await startRig(booksOn(app.port)))
    const client = await rawClient(rig.outbound, GET)
    client.socket.end()
    expect(await client.closed()).toContain('"method":"GET"')
  })

  it('answers all that a client sent before it ended its side, and refuses what it did not finish', async () => {
    const app = closing(await startApp())
    const rig = closing(await startRig(booksOn(app.port)))
    const unfinished = 'POST /4 HTTP/1.1\r\nhost: books.shop\r\ncontent-length: 9\r\n\r\nhalf'
    const [one, two, three] = ['/1', '/2', '/3'].map(path => GET.replace('GET / ', `GET ${path} `))
    const client = await rawClient(rig.outbound, `${one}${two}${three}${unfinished}`)
    client.socket.end()
    const text = await client.closed()
    expect(text.match(/"url":"[^"]*"/g)).toEqual(['"url":"/1"', '"url":"/2"', '"url":"/3"'])
    expect(text).toContain('x-kiseki-reason: request-truncated')
  })

  it('does not wait for the rest of a head after its client has ended its side', async () => {
    const app = closing(await startApp())
    const rig = closing(await startRig(booksOn(app.port)))
    const client = await rawClient(rig.outbound, `${GET}GET /half`)
    client.socket.end()
    expect((await client.closed()).split('HTTP/1.1 ')).toHaveLength(2)
  })

  it('speaks to clients of HTTP/1.0', async () => {
    const app = closing(await startApp())
    const rig = closing(await startRig(booksOn(app.port)))
    const client = await rawClient(rig.outbound, 'GET /old HTTP/1.0\r\nHost: books.shop\r\n\r\n')
    const text = await client.closed()
    expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
    expect(text).toContain('connection: close\r\n')
    expect(text).toContain('"url":"/old"')
  })

  it('changes to another protocol and carries it both ways', async () => {
    const app = closing(
      await startTcpApp(socket => {
        socket.once('data', head => {
          expect(head.toString().toLowerCase()).toContain('connection: upgrade\r\nupgrade: chat')
          socket.write(
            'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: chat\r\n\r\nwelcome',
          )
          socket.on('data', bytes => socket.write(`<${bytes}>`))
          socket.on('end', () => socket.end('bye'))
        })
      }),
    )
    const rig = closing(await startRig(booksOn(app.port)))
    const client = await rawClient(
      rig.outbound,
      'GET / HTTP/1.1\r\nhost: books.shop\r\nconnection: upgrade\r\nupgrade: chat\r\n\r\nearly',
    )
    const text = await client.until('welcome')
    expect(text.toLowerCase()).toContain('connection: upgrade\r\nupgrade: chat\r\n')
    await client.until('<early>')
    client.write('ping')
    await client.until('<ping>')
    client.socket.end()
    expect(await client.closed()).toMatch(/bye$/)
  })

  it('does not change to another protocol that nobody asked for', async () => {
    const app = closing(
      await startTcpApp(socket => {
        socket.once('data', () => socket.write('HTTP/1.1 101 Switching Protocols\r\nupgrade: chat\r\n\r\n'))
      }),
    )
    const rig = closing(await startRig(booksOn(app.port)))
    expect((await ask({ port: rig.outbound })).status).toBe(502)
  })
})
