import type { ServerHttp2Stream } from 'node:http2'
import { describe, expect, it } from 'vitest'
import { closedAfterEach } from '../testing/cleanup.ts'
import { type Http2Answer, http2Client, startHttp2App } from '../testing/http2-peers.ts'
import { booksOn, booksWith, eventually, type Rig, type RigOptions, startRig } from '../testing/rig.ts'
import { runningAt, statOf } from '../testing/stats.ts'

const closing = closedAfterEach()

const IDLE = { active: 0, pending: 0 }

const reasonOf = ({ status, headers }: Http2Answer): unknown[] => [status, headers['x-kiseki-reason']]

/** Answers when told, with the body that came. */
async function heldApp(mostStreams = 100) {
  const held: { readonly stream: ServerHttp2Stream; readonly body: string }[] = []
  const app = await startHttp2App(
    stream => {
      let body = ''
      stream.on('data', part => (body += String(part)))
      stream.on('end', () => held.push({ stream, body }))
    },
    { maxConcurrentStreams: mostStreams },
  )
  return {
    app: closing(app),
    held,
    answerNext() {
      const next = held.shift()
      next?.stream.respond({})
      next?.stream.end(next.body)
    },
  }
}

async function start(options: RigOptions) {
  const rig = closing(await startRig(options))
  return { rig, client: closing(await http2Client(rig.outbound)) }
}

async function until(rig: Rig, holds: (running: typeof IDLE) => boolean): Promise<void> {
  while (!holds(await runningAt(rig)));
}

describe('limits of a cluster over HTTP/2', () => {
  it('of requests give 503 with a reason, to gRPC in its words, and let others through afterwards', async () => {
    const { app, held, answerNext } = await heldApp()
    const { rig, client } = await start(booksWith({ maxRequests: 2 }, app.port))
    const running = [client.ask(), client.ask()]
    await eventually(() => held.length === 2)
    expect(reasonOf(await client.ask())).toEqual([503, 'overflow'])
    const call = await client.ask({ headers: { 'content-type': 'application/grpc' }, body: Buffer.alloc(5) })
    expect([call.status, call.headers['grpc-status'], call.headers['x-kiseki-reason']]).toEqual([
      200,
      '14',
      'overflow',
    ])
    expect(await statOf(rig, 'sidecar_cluster_upstream_rq_overflow_total', 'books')).toBe(2)
    expect((await runningAt(rig)).active).toBe(2)
    answerNext()
    answerNext()
    await Promise.all(running)
    const next = client.ask()
    await eventually(() => held.length === 1)
    answerNext()
    expect((await next).status).toBe(200)
    expect(await runningAt(rig)).toEqual(IDLE)
  })

  it('of connections make requests wait for a stream, first come first served, with their bodies', async () => {
    const { app, held, answerNext } = await heldApp(1)
    const { rig, client } = await start(booksWith({ maxConnections: 2 }, app.port))
    const first = client.ask()
    await eventually(() => held.length === 1)
    answerNext()
    await first
    const bodies = Array.from({ length: 30 }, (_, at) => String(at % 10).repeat(at * 7000))
    const answers = bodies.map(body => client.ask({ body: Buffer.from(body) }))
    let done = false
    void Promise.all(answers).then(() => (done = true))
    await eventually(() => {
      answerNext()
      return done
    })
    const came = await Promise.all(answers)
    expect(came.map(({ status, body }, at) => status === 200 && body.toString() === bodies[at])).toEqual(
      bodies.map(() => true),
    )
    expect(app.sessions).toHaveLength(2)
    expect(await runningAt(rig)).toEqual(IDLE)
  })

  it('of those that wait give 503, and so does waiting for too long', async () => {
    const { app, held, answerNext } = await heldApp(1)
    const limits = { maxConnections: 1, maxPendingRequests: 1 }
    const { rig, client } = await start({ ...booksWith(limits, app.port), timeoutMillis: 300 })
    const opened = client.ask()
    await eventually(() => held.length === 1)
    answerNext()
    await opened
    const first = client.ask()
    await eventually(() => held.length === 1)
    const second = client.ask()
    await until(rig, ({ pending }) => pending === 1)
    expect(reasonOf(await client.ask())).toEqual([503, 'pending-overflow'])
    held[0]?.stream.respond({})
    const progress = setInterval(() => held[0]?.stream.write('go'), 20)
    expect(reasonOf(await second)).toEqual([503, 'pending-timeout'])
    clearInterval(progress)
    held[0]?.stream.end()
    expect((await first).status).toBe(200)
    expect(await runningAt(rig)).toEqual(IDLE)
  })

  it('do not keep who went away while waiting', async () => {
    const { app, held, answerNext } = await heldApp(1)
    const { rig, client } = await start(booksWith({ maxConnections: 1 }, app.port))
    const opened = client.ask()
    await eventually(() => held.length === 1)
    answerNext()
    await opened
    const first = client.ask()
    await eventually(() => held.length === 1)
    const gone = client.session.request({ ':path': '/gone' })
    gone.on('error', () => undefined)
    await until(rig, ({ pending }) => pending === 1)
    gone.close(8)
    await until(rig, ({ pending }) => pending === 0)
    const third = client.ask()
    await until(rig, ({ pending }) => pending === 1)
    answerNext()
    await eventually(() => held.length === 1)
    answerNext()
    expect((await Promise.all([first, third])).map(({ status }) => status)).toEqual([200, 200])
    expect(app.requests.some(head => head[':path'] === '/gone')).toBe(false)
    expect(await runningAt(rig)).toEqual(IDLE)
  })

  it('of requests on one connection end it', async () => {
    const app = closing(await startHttp2App())
    const { client } = await start(booksWith({ maxRequestsPerConnection: 2 }, app.port))
    for (let count = 0; count < 6; count++) expect((await client.ask()).status).toBe(200)
    expect(app.sessions).toHaveLength(3)
  })

  it('of the time of connecting end the attempt', async () => {
    // Nobody answers there, not even with a refusal (RFC 5737).
    const cluster = {
      protocol: 'http' as const,
      endpoints: [{ address: '192.0.2.1', port: 80, weight: 1 }],
      settings: { connectMillis: 100 },
    }
    const { rig, client } = await start({
      hosts: { 'books.shop:80': 'shop/books|80' },
      clusters: { 'shop/books|80': cluster },
    })
    const answer = await client.ask()
    // Where there is no way to it at all, the system says so.
    const [status, counter] =
      answer.headers['x-kiseki-reason'] === 'connect-failed' ? [502, 'fail'] : [504, 'timeout']
    expect(answer.status).toBe(status)
    expect(await statOf(rig, `sidecar_cluster_upstream_cx_connect_${counter}_total`, 'books')).toBe(1)
  })
})

describe('an endpoint that is removed', () => {
  it('ends what it runs, and who waits for it goes to the new one', async () => {
    const old = await heldApp(1)
    const next = closing(await startHttp2App())
    const { rig, client } = await start(booksWith({ maxConnections: 1 }, old.app.port))
    const opened = client.ask()
    await eventually(() => old.held.length === 1)
    old.answerNext()
    await opened
    const first = client.ask()
    await eventually(() => old.held.length === 1)
    const second = client.ask({ body: Buffer.from('moved') })
    await until(rig, ({ pending }) => pending === 1)
    await rig.reconfigure(booksOn(next.port))
    expect((await second).body.toString()).toBe('moved')
    old.answerNext()
    expect((await first).status).toBe(200)
    expect(await runningAt(rig)).toEqual(IDLE)
  })
})
