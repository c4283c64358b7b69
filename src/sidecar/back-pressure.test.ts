import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { describe, expect, it } from 'vitest'
import { closedAfterEach } from './testing/cleanup.ts'
import { startTcpApp } from './testing/echo-app.ts'
import { rawClient } from './testing/raw-client.ts'
import { booksOn, eventually, startRig } from './testing/rig.ts'

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
})
