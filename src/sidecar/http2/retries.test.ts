import { constants, type ServerHttp2Stream } from 'node:http2'
import { describe, expect, it } from 'vitest'
import { closedAfterEach } from '../testing/cleanup.ts'
import { startTcpApp } from '../testing/echo-app.ts'
import { type Http2Answer, http2Client, startHttp2App } from '../testing/http2-peers.ts'
import { booksOn, booksWith, type RigOptions, startRig } from '../testing/rig.ts'
import { seededRandom } from '../testing/seeded-random.ts'
import { runningAt, statOf } from '../testing/stats.ts'

const closing = closedAfterEach()

const IDLE = { active: 0, pending: 0 }

async function start(options: RigOptions) {
  const rig = closing(await startRig(options))
  return { rig, client: closing(await http2Client(rig.outbound)) }
}

/** A port that nobody listens on. */
async function closedPort(): Promise<number> {
  const app = await startHttp2App()
  await app.close()
  return app.port
}

const reasonOf = ({ status, headers }: Http2Answer): unknown[] => [status, headers['x-kiseki-reason']]

/** Answers when the whole request is here. */
const answering = (status: number) => (stream: ServerHttp2Stream) => {
  stream.resume()
  stream.on('end', () => {
    stream.respond({ ':status': status })
    stream.end(String(status))
  })
}

describe('a request over HTTP/2 that reached nobody', () => {
  it('goes to another endpoint, with its body, and each attempt is a span', async () => {
    const app = closing(await startHttp2App())
    const dead = await closedPort()
    const { rig, client } = await start({ ...booksOn(dead, app.port), ground: { random: seededRandom() } })
    for (let count = 0; count < 8; count++) {
      const answer = await client.ask({ body: Buffer.from(`book ${count}`) })
      expect([answer.status, answer.body.toString()]).toEqual([200, `book ${count}`])
    }
    expect(app.requests).toHaveLength(8)
    const retries = await statOf(rig, 'kiseki_sidecar_retries_total', 'outbound')
    expect(retries).toBeGreaterThan(0)
    expect(await statOf(rig, 'sidecar_cluster_upstream_cx_connect_fail_total', 'books')).toBe(retries)
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
    const sent = app.requests.map(head => head['x-b3-spanid'])
    expect(sent.filter(id => failed.some(span => span.id === id))).toEqual([])
    expect(new Set(spans.map(span => span.id)).size).toBe(spans.length)
  })

  it('ends with the reason after a few attempts, or at once where there is nobody else', async () => {
    const all = await Promise.all([closedPort(), closedPort(), closedPort(), closedPort()])
    const many = await start(booksOn(...all))
    expect(reasonOf(await many.client.ask())).toEqual([502, 'connect-failed'])
    await many.rig.stopSidecar()
    expect(many.rig.collector.spans).toHaveLength(3)
    const one = await start(booksOn(await closedPort()))
    expect(reasonOf(await one.client.ask())).toEqual([502, 'connect-failed'])
    await one.rig.stopSidecar()
    expect(one.rig.collector.spans).toHaveLength(1)
  })
})

describe('a stream that the endpoint did not look at', () => {
  const refusing = (code: number) => (stream: ServerHttp2Stream) => stream.close(code)

  it('because it refused it is sent again within the budget, also to the same', async () => {
    const app = closing(await startHttp2App(refusing(constants.NGHTTP2_REFUSED_STREAM)))
    const { rig, client } = await start(booksOn(app.port))
    expect(reasonOf(await client.ask({ body: Buffer.from('x') }))).toEqual([503, 'upstream-refused'])
    expect(app.requests).toHaveLength(3)
    await rig.reconfigure(booksWith({ maxRetries: 0 }, app.port))
    expect(reasonOf(await client.ask())).toEqual([503, 'upstream-refused'])
    expect(app.requests).toHaveLength(4)
    expect(await statOf(rig, 'sidecar_cluster_upstream_rq_retry_overflow_total', 'books')).toBe(1)
    expect(await runningAt(rig)).toEqual(IDLE)
  })
})

describe('a request over HTTP/2 that reached an endpoint', () => {
  it('is not sent again when that breaks off', async () => {
    const app = closing(await startHttp2App(stream => stream.session?.destroy()))
    const { client } = await start(booksOn(app.port, app.port))
    for (const question of [{}, { body: Buffer.from('x') }]) {
      expect((await client.ask(question)).status).toBe(502)
    }
    expect(app.requests).toHaveLength(2)
  })

  it('is sent again after a reset or a status where the policy says so, with its body', async () => {
    const bodies: string[] = []
    const app = closing(
      await startHttp2App(stream => {
        let body = ''
        stream.on('data', part => (body += String(part)))
        stream.on('end', () => {
          bodies.push(body)
          if (bodies.length === 1) return stream.close(constants.NGHTTP2_INTERNAL_ERROR)
          stream.respond({ ':status': bodies.length === 2 ? 503 : 200 })
          stream.end('said')
        })
      }),
    )
    const retry = { on: ['5xx' as const, 'reset' as const], times: 2, backoffMillis: 1 }
    const { rig, client } = await start(booksWith({ retry }, app.port))
    const answer = await client.ask({ body: Buffer.alloc(40_000, 'tale') })
    expect([answer.status, answer.body.toString()]).toEqual([200, 'said'])
    expect(bodies.map(body => body === 'tale'.repeat(10_000))).toEqual([true, true, true])
    expect(await runningAt(rig)).toEqual(IDLE)
    await rig.stopSidecar()
    expect(rig.collector.spans.map(span => [span.tags['http.status_code'], span.tags['error']])).toEqual([
      [undefined, 'the endpoint reset the connection; sent again'],
      ['503', 'the endpoint answered with an error; sent again'],
      ['200', undefined],
    ])
  })

  it('gets the last answer when there are no more attempts, or its body was too large to keep', async () => {
    const app = closing(await startHttp2App(answering(503)))
    const retry = { on: ['gateway-error' as const], times: 1, backoffMillis: 1 }
    const { client } = await start(booksWith({ retry }, app.port))
    const last = await client.ask()
    expect([last.status, last.body.toString(), last.headers['x-kiseki-reason']]).toEqual([
      503,
      '503',
      undefined,
    ])
    expect(app.requests).toHaveLength(2)
    expect((await client.ask({ body: Buffer.alloc(300_000) })).status).toBe(503)
    expect(app.requests).toHaveLength(3)
  })

  it('is tried elsewhere when an attempt takes longer than one may', async () => {
    const silent = closing(await startTcpApp(() => undefined))
    const app = closing(await startHttp2App())
    const retry = { on: ['5xx' as const], times: 2, perTryMillis: 300, backoffMillis: 1 }
    const ground = { random: () => 0 }
    const { rig, client } = await start({ ...booksWith({ retry }, silent.port, app.port), ground })
    expect((await client.ask({ body: Buffer.from('x') })).status).toBe(200)
    expect(silent.sockets).toHaveLength(1)
    await rig.stopSidecar()
    expect(rig.collector.spans.map(span => span.tags['error'])).toEqual([
      'the attempt took longer than one may; sent again',
      undefined,
    ])
  })

  it('ends when the whole exchange takes longer than it may, though it makes progress', async () => {
    const app = closing(
      await startHttp2App(stream => {
        stream.respond({})
        const timer = setInterval(() => stream.write('tick'), 20)
        stream.on('close', () => clearInterval(timer))
      }),
    )
    const { rig, client } = await start(booksWith({ requestMillis: 150 }, app.port))
    expect((await client.ask()).code).toBe(constants.NGHTTP2_CANCEL)
    expect(await runningAt(rig)).toEqual(IDLE)
    await rig.stopSidecar()
    expect(rig.collector.spans[0]?.tags['error']).toBe('the request took longer than it may')
  })
})

describe('an endpoint that only fails over HTTP/2', () => {
  it.each<[string, (stream: ServerHttp2Stream) => void]>([
    ['by its status', answering(503)],
    [
      'by that of gRPC',
      stream =>
        stream.respond({ 'content-type': 'application/grpc', 'grpc-status': '14' }, { endStream: true }),
    ],
    ['by resets', stream => stream.close(constants.NGHTTP2_INTERNAL_ERROR)],
  ])('%s gets no more requests after five in a row', async (_, fail) => {
    const bad = closing(await startHttp2App(fail))
    const good = closing(await startHttp2App())
    const options = { ...booksOn(bad.port, good.port), ground: { random: seededRandom() } }
    const { rig, client } = await start(options)
    for (let count = 0; count < 40; count++) await client.ask()
    expect([bad.requests.length, good.requests.length]).toEqual([5, 35])
    expect(await statOf(rig, 'sidecar_cluster_outlier_detection_ejections_total', 'books')).toBe(1)
  })
})

describe('retries over HTTP/2', () => {
  it('end with the sidecar', async () => {
    const app = closing(await startHttp2App(answering(503)))
    const retry = { on: ['5xx' as const], times: 10, backoffMillis: 60_000 }
    const { rig, client } = await start({ ...booksWith({ retry }, app.port), graceMillis: 100 })
    const answered = client.ask()
    while ((await statOf(rig, 'sidecar_cluster_upstream_rq_retry_total', 'books')) === 0);
    await rig.stopSidecar()
    expect((await answered).status).toBe(0)
    expect(rig.collector.spans.at(-1)?.tags['error']).toBe(
      'the sidecar stopped before the exchange was complete',
    )
  })
})
