import type { ServerResponse } from 'node:http'
import { describe, expect, it } from 'vitest'
import { closedAfterEach } from './testing/cleanup.ts'
import { startApp, startTcpApp } from './testing/echo-app.ts'
import { type Answer, ask, echoOf } from './testing/http-client.ts'
import { rawClient } from './testing/raw-client.ts'
import { booksOn, booksWith, eventually, startRig } from './testing/rig.ts'
import { runningAt, statOf } from './testing/stats.ts'

const closing = closedAfterEach()

const IDLE = { active: 0, pending: 0 }

/** Answers when told. */
async function heldApp() {
  const held: ServerResponse[] = []
  const app = await startApp((message, response) => {
    message.resume()
    message.on('end', () => held.push(response))
  })
  let connections = 0
  app.server.on('connection', () => connections++)
  return {
    app: closing(app),
    held,
    get connections() {
      return connections
    },
    answerNext: () => held.shift()?.end('ok'),
  }
}

describe('limits of a cluster', () => {
  it('of requests give 503 with a reason and a count, and let others through afterwards', async () => {
    const { app, held, answerNext } = await heldApp()
    const rig = closing(await startRig(booksWith({ maxRequests: 2 }, app.port)))
    const running = [ask({ port: rig.outbound }), ask({ port: rig.outbound })]
    await eventually(() => held.length === 2)
    const refused = await ask({ port: rig.outbound })
    expect(refused.status).toBe(503)
    expect(refused.headers['x-kiseki-reason']).toBe('overflow')
    expect(await statOf(rig, 'sidecar_cluster_upstream_rq_overflow_total', 'books')).toBe(1)
    expect((await runningAt(rig)).active).toBe(2)
    answerNext()
    answerNext()
    await Promise.all(running)
    const next = ask({ port: rig.outbound })
    await eventually(() => held.length === 1)
    answerNext()
    expect((await next).status).toBe(200)
    expect(await runningAt(rig)).toEqual(IDLE)
    await rig.stopSidecar()
    expect(rig.collector.spans.map(span => span.tags['error'])).toContain(
      'as many requests to the cluster run as may',
    )
  })

  it('of connections make requests wait for a free one, first come first served, with their bodies', async () => {
    const app = closing(await startApp())
    let connections = 0
    app.server.on('connection', () => connections++)
    const rig = closing(await startRig(booksWith({ maxConnections: 1 }, app.port)))
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, count) =>
        ask({ port: rig.outbound, method: 'POST', body: Buffer.alloc(100_000, String(count % 10)) }),
      ),
    )
    expect(answers.map(answer => answer.status)).toEqual(answers.map(() => 200))
    for (const [count, answer] of answers.entries()) {
      expect(echoOf(answer).body === String(count % 10).repeat(100_000)).toBe(true)
    }
    expect(connections).toBe(1)
    expect(await runningAt(rig)).toEqual(IDLE)
  })

  it('of those that wait give 503, and so does waiting for too long', async () => {
    const { app, held, answerNext } = await heldApp()
    const limits = { maxConnections: 1, maxPendingRequests: 1 }
    const rig = closing(await startRig({ ...booksWith(limits, app.port), timeoutMillis: 300 }))
    const first = ask({ port: rig.outbound })
    await eventually(() => held.length === 1)
    const second = ask({ port: rig.outbound })
    while ((await runningAt(rig)).pending < 1);
    const third = await ask({ port: rig.outbound })
    expect([third.status, third.headers['x-kiseki-reason']]).toEqual([503, 'pending-overflow'])
    const progress = setInterval(() => held[0]?.write('go'), 20)
    const gone = await second
    expect([gone.status, gone.headers['x-kiseki-reason']]).toEqual([503, 'pending-timeout'])
    clearInterval(progress)
    answerNext()
    expect((await first).status).toBe(200)
    expect(await runningAt(rig)).toEqual(IDLE)
  })

  it('do not keep who went away while waiting', async () => {
    const { app, held, answerNext } = await heldApp()
    const rig = closing(await startRig(booksWith({ maxConnections: 1 }, app.port)))
    const first = ask({ port: rig.outbound })
    await eventually(() => held.length === 1)
    const client = await rawClient(rig.outbound, 'GET / HTTP/1.1\r\nhost: books.shop\r\n\r\n')
    while ((await runningAt(rig)).pending < 1);
    client.socket.resetAndDestroy()
    while ((await runningAt(rig)).pending > 0);
    const third = ask({ port: rig.outbound })
    while ((await runningAt(rig)).pending < 1);
    answerNext()
    await eventually(() => held.length === 1)
    answerNext()
    expect((await Promise.all([first, third])).map(answer => answer.status)).toEqual([200, 200])
    expect(await runningAt(rig)).toEqual(IDLE)
  })

  it('of requests on one connection end it', async () => {
    const app = closing(await startApp())
    let connections = 0
    app.server.on('connection', () => connections++)
    const rig = closing(await startRig(booksWith({ maxRequestsPerConnection: 2 }, app.port)))
    for (let count = 0; count < 6; count++) await ask({ port: rig.outbound })
    expect(connections).toBe(3)
  })

  it('of connections hold for relays, too', async () => {
    const app = closing(await startTcpApp(socket => void socket.pipe(socket)))
    const cluster = {
      protocol: 'tcp' as const,
      endpoints: [{ address: '127.0.0.1', port: app.port, weight: 1 }],
      settings: { maxConnections: 1 },
    }
    const rig = closing(
      await startRig({ hosts: { 'db:3306': 'shop/books|80' }, clusters: { 'shop/books|80': cluster } }),
    )
    const connect = 'CONNECT db:3306 HTTP/1.1\r\nhost: db:3306\r\n\r\n'
    const one = await rawClient(rig.outbound, connect)
    await one.until('200 Connection Established')
    const two = await rawClient(rig.outbound, connect)
    expect(await two.closed()).toMatch(/^HTTP\/1\.1 503 .*x-kiseki-reason: connection-overflow/s)
    one.socket.destroy()
    await eventually(() => app.sockets[0]?.destroyed === true)
    const three = await rawClient(rig.outbound, connect)
    await three.until('200 Connection Established')
    three.socket.destroy()
  })
})

describe('an endpoint that is removed', () => {
  it('ends what it runs, and who waits for it goes to the new one', async () => {
    const old = await heldApp()
    const next = closing(await startApp())
    const rig = closing(await startRig(booksWith({ maxConnections: 1 }, old.app.port)))
    const first = ask({ port: rig.outbound })
    await eventually(() => old.held.length === 1)
    const second: Promise<Answer> = ask({ port: rig.outbound, method: 'POST', body: Buffer.from('moved') })
    while ((await runningAt(rig)).pending < 1);
    await rig.reconfigure(booksOn(next.port))
    expect(echoOf(await second).body).toBe('moved')
    old.answerNext()
    expect((await first).body.toString()).toBe('ok')
    expect(old.connections).toBe(1)
    expect(await runningAt(rig)).toEqual(IDLE)
  })
})
