import { describe, expect, it } from 'vitest'
import { closedAfterEach } from './testing/cleanup.ts'
import { startApp, startTcpApp } from './testing/echo-app.ts'
import { ask } from './testing/http-client.ts'
import { rawClient } from './testing/raw-client.ts'
import { booksOn, eventually, startRig } from './testing/rig.ts'
import { statOf } from './testing/stats.ts'

const closing = closedAfterEach()

const GET = 'GET / HTTP/1.1\r\nhost: books.shop\r\n\r\n'

describe('timeouts', () => {
  const timeoutMillis = 60

  it('of a response give 504 and a span with an error', async () => {
    const app = closing(await startTcpApp(() => undefined))
    const rig = closing(await startRig({ ...booksOn(app.port), timeoutMillis }))
    const answer = await ask({ port: rig.outbound })
    expect(answer.status).toBe(504)
    expect(answer.headers['x-kiseki-reason']).toBe('response-timeout')
    await rig.stopSidecar()
    expect(rig.collector.spans[0]?.tags['error']).toBe('the endpoint took too long to respond')
  })

  it('of a connection give 504', async () => {
    // An address that nobody answers for (RFC 5737, TEST-NET-1): packets vanish, or there is no route.
    const endpoints = [{ address: '192.0.2.1', port: 80, weight: 1 }]
    const rig = closing(
      await startRig({
        hosts: { 'books.shop:80': 'b' },
        clusters: { b: { protocol: 'http', endpoints } },
        timeoutMillis,
      }),
    )
    const answer = await ask({ port: rig.outbound })
    expect([502, 504]).toContain(answer.status)
    expect(['connect-timeout', 'connect-failed']).toContain(answer.headers['x-kiseki-reason'])
  })

  it('of a head and of a body give 408', async () => {
    const app = closing(await startTcpApp(() => undefined))
    const rig = closing(await startRig({ ...booksOn(app.port), timeoutMillis }))
    const head = await rawClient(rig.outbound, 'GET / HT')
    expect(await head.closed()).toMatch(/^HTTP\/1\.1 408 /)
    const body = await rawClient(
      rig.outbound,
      'POST / HTTP/1.1\r\nhost: books.shop\r\ncontent-length: 10\r\n\r\nhal',
    )
    expect(await body.closed()).toMatch(/^HTTP\/1\.1 408 /)
  })

  it('of a head begin with it, not with the pause before', async () => {
    const app = closing(await startApp())
    const rig = closing(await startRig({ ...booksOn(app.port), timeoutMillis: 1500 }))
    const client = await rawClient(rig.outbound)
    await new Promise(resolve => setTimeout(resolve, 1200))
    client.write(GET.slice(0, 20))
    await new Promise(resolve => setTimeout(resolve, 600))
    client.write(GET.slice(20))
    expect(await client.until('"url"')).toContain('HTTP/1.1 200 ')
    client.socket.destroy()
  })

  it('of a response that stops in the middle break the client off', async () => {
    const app = closing(
      await startTcpApp(socket => {
        socket.once('data', () => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf'))
      }),
    )
    const rig = closing(await startRig({ ...booksOn(app.port), timeoutMillis }))
    const client = await rawClient(rig.outbound, GET)
    expect(await client.closed()).toMatch(/half<ECONNRESET>$/)
  })

  it('do not end what moves slowly', async () => {
    const app = closing(
      await startApp(async (_, response) => {
        // Longer than the timeout in all, and each pause a fifth of it.
        for (let part = 0; part < 6; part++) {
          response.write('.')
          await new Promise(resolve => setTimeout(resolve, 300))
        }
        response.end('done')
      }),
    )
    const rig = closing(await startRig({ ...booksOn(app.port), timeoutMillis: 1500 }))
    expect((await ask({ port: rig.outbound })).body.toString()).toBe('......done')
  })

  it('do not end a client that reads slowly, and end one that reads no more', async () => {
    const size = 12 * 1024 * 1024
    const app = closing(await startApp((_, response) => void response.end(Buffer.alloc(size))))
    // The kernel takes and gives megabytes at a time: on a busy machine even a moving reader seems to rest.
    const rig = closing(await startRig({ ...booksOn(app.port), timeoutMillis: 2000 }))
    const slow = await rawClient(rig.outbound, GET)
    slow.socket.on('data', () => {
      slow.socket.pause()
      setTimeout(() => slow.socket.resume(), 5)
    })
    const stalled = await rawClient(rig.outbound, GET)
    stalled.socket.pause()
    await eventually(() => slow.received.length > size && rig.sidecar.spans.recorded === 2)
    await rig.stopSidecar()
    const errors = rig.collector.spans.map(span => span.tags['error'])
    expect(errors.sort()).toEqual(['the client stopped reading the response', undefined])
    slow.socket.destroy()
    stalled.socket.destroy()
  })

  it('close idle clients quietly, and count them, whether or not they ever said something', async () => {
    const app = closing(await startApp())
    const rig = closing(await startRig({ ...booksOn(app.port), timeoutMillis }))
    const silent = await rawClient(rig.outbound)
    expect(await silent.closed()).toBe('')
    const served = await rawClient(rig.outbound, GET)
    expect(await served.closed()).toMatch(/^HTTP\/1\.1 200 /)
    const idle = 'kiseki_sidecar_idle_connections_closed_total'
    expect(await statOf(rig, idle, 'outbound')).toBe(2)
  })
})

describe('limits', () => {
  it('on connections close those that are too many', async () => {
    const app = closing(await startApp())
    const rig = closing(await startRig({ ...booksOn(app.port), maxConnections: 2 }))
    const [first, second] = [await rawClient(rig.outbound, GET), await rawClient(rig.outbound, GET)]
    await Promise.all([first.until('"url"'), second.until('"url"')])
    const third = await rawClient(rig.outbound, GET)
    expect(await third.closed()).not.toContain('HTTP')
    first.socket.destroy()
    second.socket.destroy()
  })
})

describe('stopping', () => {
  it('lets running exchanges end, takes no new ones, and leaves nothing open', async () => {
    const app = closing(
      await startApp((message, response) => {
        setTimeout(() => response.end('late'), message.url === '/slow' ? 150 : 0)
      }),
    )
    const rig = closing(await startRig(booksOn(app.port)))
    const idle = await rawClient(rig.outbound, GET)
    await idle.until('late')
    const slow = ask({ port: rig.outbound, path: '/slow' })
    await eventually(() => app.requests.length === 2)
    const stopped = rig.stopSidecar()
    expect(await idle.closed()).toContain('late')
    const answer = await slow
    expect(answer.body.toString()).toBe('late')
    expect(answer.headers['connection']).toBe('close')
    await stopped
    await expect(ask({ port: rig.outbound })).rejects.toThrow('ECONNREFUSED')
    expect(rig.collector.spans).toHaveLength(2)
  })

  it('takes who does not know yet, tells them to come elsewhere, and follows configurations meanwhile', async () => {
    const apps = [closing(await startApp()), closing(await startApp())]
    const [first = 0, second = 0] = apps.map(app => app.port)
    const rig = closing(await startRig({ ...booksOn(first), drainMillis: 400 }))
    const ready = async () => (await ask({ port: rig.sidecar.ports.admin, path: '/ready' })).body.toString()
    const idle = await rawClient(rig.outbound, GET)
    await idle.until('"url"')
    const stopped = rig.stopSidecar()
    expect(await ready()).toBe('DRAINING\n')
    idle.write(GET)
    const answers = await idle.closed()
    expect(answers.split('HTTP/1.1 200 OK')).toHaveLength(3)
    expect(answers.split('connection: close')).toHaveLength(2)
    await rig.reconfigure(booksOn(second))
    const late = await ask({ port: rig.outbound })
    expect([late.status, late.headers['connection']]).toEqual([200, 'close'])
    expect(apps.map(app => app.requests.length)).toEqual([2, 1])
    await stopped
    await expect(ask({ port: rig.outbound })).rejects.toThrow('ECONNREFUSED')
  })

  it('cuts what does not end in time, and says so in its span', async () => {
    const app = closing(await startTcpApp(() => undefined))
    const rig = closing(await startRig({ ...booksOn(app.port), graceMillis: 50 }))
    const client = await rawClient(rig.outbound, GET)
    await eventually(() => app.sockets.length === 1)
    await rig.stopSidecar()
    await client.closed()
    expect(rig.collector.spans[0]?.tags['error']).toBe('the sidecar stopped before the exchange was complete')
  })

  it('leaves no handle of the process behind', async () => {
    const kinds = (): string[] => process.getActiveResourcesInfo().sort()
    const before = kinds()
    const app = await startApp()
    const rig = await startRig(booksOn(app.port))
    await ask({ port: rig.outbound })
    await rig.stop()
    await app.close()
    await eventually(() => kinds().length <= before.length)
  })
})
