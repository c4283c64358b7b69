import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import type { Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import { closedAfterEach } from './testing/cleanup.ts'
import { startTcpApp } from './testing/echo-app.ts'
import { rawClient } from './testing/raw-client.ts'
import { booksOn, eventually, startRig } from './testing/rig.ts'
import { statOf } from './testing/stats.ts'

const closing = closedAfterEach()

const GET = 'GET / HTTP/1.1\r\nHost: books.shop\r\n\r\n'

describe('back-pressure', () => {
  it('stops an endpoint whose client reads nothing, and goes on when it does', async () => {
    const size = 64 * 1024 * 1024
    let written = 0
    const app = closing(
      await startTcpApp(socket => {
        socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${size}\r\n\r\n`)
        const chunk = Buffer.alloc(64 * 1024, 'x')
        const more = (): void => {
          while (written < size) {
            written += chunk.length
            if (!socket.write(chunk)) return
          }
        }
        socket.on('drain', more)
        more()
      }),
    )
    const rig = closing(await startRig({ ...booksOn(app.port), tracing: { responseHeaders: false } }))
    const client = await rawClient(rig.outbound)
    client.socket.pause()
    client.write(GET)
    let before = -1
    // It stops when all buffers on the way are full: nothing moves any more.
    while (before !== written) {
      before = written
      await new Promise(resolve => setTimeout(resolve, 150))
    }
    expect(written).toBeLessThan(size / 2)
    let length = 0
    client.socket.removeAllListeners('data')
    client.socket.on('data', (bytes: Buffer) => {
      length += bytes.length
    })
    client.socket.resume()
    await eventually(() => length > size)
    expect(length).toBe(size + `HTTP/1.1 200 OK\r\ncontent-length: ${size}\r\n\r\n`.length)
    client.socket.destroy()
  })

  it('stops a client whose endpoint reads nothing, and goes on when it does', async () => {
    const size = 64 * 1024 * 1024
    let received = 0
    const app = closing(
      await startTcpApp(socket => {
        socket.pause()
        socket.on('data', (bytes: Buffer) => {
          received += bytes.length
          if (received >= size) socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok')
        })
      }),
    )
    const rig = closing(await startRig(booksOn(app.port)))
    const upload = request({
      port: rig.outbound,
      host: '127.0.0.1',
      method: 'PUT',
      headers: { host: 'books.shop', 'content-length': size },
    })
    const answered = once(upload, 'response')
    let written = 0
    const chunk = Buffer.alloc(64 * 1024)
    const more = (): void => {
      while (written < size) {
        written += chunk.length
        if (!upload.write(chunk)) return
      }
      upload.end()
    }
    upload.on('drain', more)
    more()
    let before = -1
    while (before !== written) {
      before = written
      await new Promise(resolve => setTimeout(resolve, 150))
    }
    expect(written).toBeLessThan(size / 2)
    app.sockets[0]?.resume()
    const [response] = (await answered) as [IncomingMessage]
    expect(response.statusCode).toBe(200)
    response.resume()
    await once(response, 'end')
  })

  it('stops a client that asks again and again and reads nothing, and goes on when it does', async () => {
    const response = `HTTP/1.1 200 OK\r\ncontent-length: 30000\r\n\r\n${'x'.repeat(30_000)}`
    const asked = 3000
    let answered = 0
    const app = closing(
      await startTcpApp(socket => {
        socket.on('data', () => {
          answered++
          socket.write(response)
        })
      }),
    )
    const rig = closing(await startRig({ ...booksOn(app.port), tracing: false, timeoutMillis: 60_000 }))
    const client = await rawClient(rig.outbound)
    client.socket.pause()
    client.write(GET.repeat(asked))
    await stalled(() => answered)
    expect(answered).toBeLessThan(asked / 2)
    await readAll(client.socket, asked * response.length)
    expect(answered).toBe(asked)
    client.socket.destroy()
  })

  it('stops a client that is refused again and again and reads nothing, and goes on when it does', async () => {
    const asked = 80_000
    const rig = closing(await startRig({ timeoutMillis: 60_000, tracing: false }))
    const refusals = (): Promise<number> => statOf(rig, 'kiseki_sidecar_failures_total', 'egress-off')
    const client = await rawClient(rig.outbound)
    client.socket.pause()
    const first = await rawClient(rig.outbound, GET)
    const length = (await first.until('egress is off\n')).length
    first.socket.destroy()
    client.write(GET.repeat(asked))
    let refused = -1
    for (let now = await refusals(); now !== refused; now = await refusals()) {
      refused = now
      await new Promise(resolve => setTimeout(resolve, 150))
    }
    expect(refused).toBeLessThan(asked)
    await readAll(client.socket, asked * length)
    expect(await refusals()).toBe(asked + 1)
    client.socket.destroy()
  })

  it('stops an endpoint that hints again and again at a client that reads nothing', async () => {
    const hint = `HTTP/1.1 103 Early Hints\r\nlink: <${'x'.repeat(60_000)}>\r\n\r\n`
    const most = 2000
    let hints = 0
    const app = closing(
      await startTcpApp(socket => {
        const more = (): void => {
          while (hints < most) {
            hints++
            if (!socket.write(hint)) return
          }
          socket.write('HTTP/1.1 204 No Content\r\n\r\n')
        }
        socket.on('drain', more)
        socket.once('data', more)
      }),
    )
    const rig = closing(await startRig({ ...booksOn(app.port), tracing: false, timeoutMillis: 60_000 }))
    const client = await rawClient(rig.outbound)
    client.socket.pause()
    client.write(GET)
    await stalled(() => hints)
    expect(hints).toBeLessThan(most / 2)
    await readAll(client.socket, most * hint.length + 'HTTP/1.1 204 No Content\r\n\r\n'.length)
    client.socket.destroy()
  })
})

/** When all buffers on the way are full, nothing moves any more. */
async function stalled(progress: () => number): Promise<void> {
  let before = -1
  while (before !== progress()) {
    before = progress()
    await new Promise(resolve => setTimeout(resolve, 150))
  }
}

async function readAll(socket: Socket, bytes: number): Promise<void> {
  let length = 0
  socket.removeAllListeners('data')
  socket.on('data', (part: Buffer) => {
    length += part.length
  })
  socket.resume()
  await eventually(() => length >= bytes)
  expect(length).toBe(bytes)
}
