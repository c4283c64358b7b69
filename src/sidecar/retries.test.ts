import { describe, expect, it } from 'vitest'
import { closedAfterEach } from './testing/cleanup.ts'
import { startApp, startTcpApp } from './testing/echo-app.ts'
import { ask, echoOf } from './testing/http-client.ts'
import { booksOn, booksWith, eventually, startRig } from './testing/rig.ts'
import { seededRandom } from './testing/seeded-random.ts'
import { runningAt, statOf } from './testing/stats.ts'

const closing = closedAfterEach()

const IDLE = { active: 0, pending: 0 }

/** A port that nobody listens on. */
async function closedPort(): Promise<number> {
  const app = await startApp()
  await app.close()
  return app.port
}

/** Reads a request and ends the connection so. */
function resettingApp() {
  return startTcpApp(socket => void socket.on('data', () => socket.resetAndDestroy()))
}

describe('a request that reached nobody', () => {
  it('goes to another endpoint, with its body, and each attempt is a span', async () => {
    const app = closing(await startApp())
    const dead = await closedPort()
    const ground = { random: seededRandom() }
    const rig = closing(await startRig({ ...booksOn(dead, app.port), ground }))
    for (let count = 0; count < 8; count++) {
      const answer = await ask({ port: rig.outbound, method: 'POST', body: Buffer.from(`book ${count}`) })
      expect(answer.status).toBe(200)
      expect(echoOf(answer).body).toBe(`book ${count}`)
    }
    expect(app.requests).toHaveLength(8)
    const retries = await statOf(rig, 'kiseki_sidecar_retries_total', 'outbound')
    expect(retries).toBeGreaterThan(0)
    expect(await runningAt(rig)).toEqual(IDLE)
    await rig.stopSidecar()
    const { spans } = rig.collector
    const failed = spans.filter(span => span.tags['error'] !== undefined)
    expect(failed).toHaveLength(retries)
    for (const span of failed) {
      expect(span.tags['error']).toBe('cannot connect to the endpoint; sent again')
      expect(span.tags['peer.address']).toBe(`127.0.0.1:${dead}`)
      expect(spans.filter(other => other.traceId === span.traceId)).toHaveLength(2)
    }
    const sent = app.requests.map(request => request.headers['x-b3-spanid'])
    expect(sent.filter(id => failed.some(span => span.id === id))).toEqual([])
    expect(new Set(spans.map(span => span.id)).size).toBe(spans.length)
  })

  it('ends with the reason where all endpoints are like that, after a few attempts', async () => {
    const dead = [await closedPort(), await closedPort(), await closedPort(), await closedPort()]
    const rig = closing(await startRig(booksOn(...dead)))
    const answer = await ask({ port: rig.outbound })
    expect(answer.status).toBe(502)
    expect(answer.headers['x-kiseki-reason']).toBe('connect-failed')
    expect(await runningAt(rig)).toEqual(IDLE)
    await rig.stopSidecar()
    expect(rig.collector.spans).toHaveLength(3)
  })

  it('is not sent again where there is only one endpoint and no policy', async () => {
    const rig = closing(await startRig(booksOn(await closedPort())))
    expect((await ask({ port: rig.outbound })).status).toBe(502)
    await rig.stopSidecar()
    expect(rig.collector.spans).toHaveLength(1)
  })

  it('is not sent again beyond the budget, which counts what it refused', async () => {
    const dead = [await closedPort(), await closedPort()]
    const rig = closing(await startRig(booksWith({ maxRetries: 0 }, ...dead)))
    expect((await ask({ port: rig.outbound })).status).toBe(502)
    expect(await statOf(rig, 'sidecar_cluster_upstream_rq_retry_overflow_total', 'books')).toBe(1)
    expect(await statOf(rig, 'sidecar_cluster_upstream_rq_retry_total', 'books')).toBe(0)
  })
})

describe('a request that reached an endpoint', () => {
  it('is not sent again when that breaks off', async () => {
    const breaking = [closing(await resettingApp()), closing(await resettingApp())]
    const rig = closing(await startRig(booksOn(...breaking.map(app => app.port))))
    for (const method of ['GET', 'POST']) {
      const answer = await ask({ port: rig.outbound, method })
      expect(answer.status).toBe(502)
      expect(answer.headers['x-kiseki-reason']).toBe('upstream-reset')
    }
    expect(breaking.flatMap(app => app.sockets)).toHaveLength(2)
  })

  it('is sent again after a reset or a status where the policy says so, with its body', async () => {
    const bodies: string[] = []
    const app = closing(
      await startTcpApp((socket, index) => {
        let text = ''
        socket.on('data', bytes => {
          text += bytes.toString()
          if (!text.endsWith('tale')) return
          bodies.push(text.slice(-4))
          if (index === 0) socket.resetAndDestroy()
          else if (index === 1) socket.write('HTTP/1.1 503 Busy\r\ncontent-length: 4\r\n\r\nbusy')
          else socket.write('HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nsold')
        })
      }),
    )
    const retry = { on: ['5xx' as const, 'reset' as const], times: 2, backoffMillis: 1 }
    const rig = closing(await startRig(booksWith({ retry }, app.port)))
    const answer = await ask({ port: rig.outbound, method: 'POST', body: Buffer.from('tale') })
    expect([answer.status, answer.body.toString()]).toEqual([200, 'sold'])
    expect(bodies).toEqual(['tale', 'tale', 'tale'])
    expect(await runningAt(rig)).toEqual(IDLE)
    await rig.stopSidecar()
    expect(rig.collector.spans.map(span => [span.tags['http.status_code'], span.tags['error']])).toEqual([
      [undefined, 'the endpoint reset the connection; sent again'],
      ['503', 'the endpoint answered with an error; sent again'],
      ['200', undefined],
    ])
  })

  it('gets the last answer when the policy has no more attempts', async () => {
    const app = closing(await startApp((_, response) => response.writeHead(503).end('busy')))
    const retry = { on: ['gateway-error' as const], times: 1, backoffMillis: 1 }
    const rig = closing(await startRig(booksWith({ retry }, app.port)))
    const answer = await ask({ port: rig.outbound })
    expect([answer.status, answer.body.toString()]).toEqual([503, 'busy'])
    expect(answer.headers['x-kiseki-reason']).toBeUndefined()
    expect(app.requests).toHaveLength(2)
  })

  it('is not sent again when its body was too large to keep', async () => {
    const app = closing(
      await startApp((message, response) => {
        message.resume()
        message.on('end', () => response.writeHead(503).end())
      }),
    )
    const retry = { on: ['5xx' as const], times: 2, backoffMillis: 1 }
    const rig = closing(await startRig(booksWith({ retry }, app.port)))
    const body = Buffer.alloc(300_000, 'x')
    expect((await ask({ port: rig.outbound, method: 'POST', body })).status).toBe(503)
    expect(app.requests).toHaveLength(1)
  })

  it('is tried elsewhere when an attempt takes longer than one may', async () => {
    const silent = closing(await startTcpApp(() => undefined))
    const app = closing(await startApp())
    const retry = { on: ['5xx' as const], times: 2, perTryMillis: 60, backoffMillis: 1 }
    const ground = { random: () => 0 }
    const rig = closing(await startRig({ ...booksWith({ retry }, silent.port, app.port), ground }))
    expect((await ask({ port: rig.outbound })).status).toBe(200)
    expect(silent.sockets).toHaveLength(1)
    await rig.stopSidecar()
    expect(rig.collector.spans.map(span => span.tags['error'])).toEqual([
      'the attempt took longer than one may; sent again',
      undefined,
    ])
  })

  it('ends when the whole exchange takes longer than it may, though it makes progress', async () => {
    const app = closing(
      await startApp((_, response) => {
        const timer = setInterval(() => response.write('tick'), 20)
        response.on('close', () => clearInterval(timer))
      }),
    )
    const rig = closing(await startRig(booksWith({ requestMillis: 150 }, app.port)))
    await expect(ask({ port: rig.outbound })).rejects.toThrow()
    expect(await runningAt(rig)).toEqual(IDLE)
    await rig.stopSidecar()
    expect(rig.collector.spans[0]?.tags['error']).toBe('the request took longer than it may')
  })
})

describe('an endpoint that only fails', () => {
  it('gets no more requests after five in a row, and both pages say so', async () => {
    const bad = closing(await startApp((_, response) => response.writeHead(503).end()))
    const good = closing(await startApp())
    const ground = { random: seededRandom() }
    const rig = closing(await startRig({ ...booksOn(bad.port, good.port), ground }))
    for (let count = 0; count < 40; count++) await ask({ port: rig.outbound })
    expect(bad.requests).toHaveLength(5)
    expect(good.requests).toHaveLength(35)
    const { body } = await ask({ port: rig.sidecar.ports.admin, path: '/clusters' })
    expect(body.toString()).toContain(`:${bad.port}::health_flags::/failed_outlier_check\n`)
    expect(body.toString()).toContain(`:${good.port}::health_flags::healthy\n`)
    expect(await statOf(rig, 'sidecar_cluster_outlier_detection_ejections_total', 'books')).toBe(1)
    expect(await statOf(rig, 'sidecar_cluster_outlier_detection_ejections_active', 'books')).toBe(1)
    // It is known by its address, whatever configuration names it.
    await rig.reconfigure({ ...booksOn(bad.port, good.port), timeoutMillis: 1234 })
    for (let count = 0; count < 10; count++) await ask({ port: rig.outbound })
    expect(bad.requests).toHaveLength(5)
  })

  it('goes on where it is the only one', async () => {
    const app = closing(await startApp((_, response) => response.writeHead(503).end()))
    const rig = closing(await startRig(booksOn(app.port)))
    for (let count = 0; count < 8; count++) await ask({ port: rig.outbound })
    await eventually(() => app.requests.length === 8)
  })
})
