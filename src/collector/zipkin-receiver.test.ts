import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import type { Micros } from '../model/micros.ts'
import { type HttpServer, startHttpServer } from '../runtime/http-server.ts'
import { createLogger } from '../runtime/logger.ts'
import { createMetrics } from '../runtime/metrics.ts'
import type { AppendOutcome, SpanBatch } from '../storage/span-store.ts'
import { BatchIntake } from './batch-intake.ts'
import { ByteBudget } from './byte-budget.ts'
import { createCollectorLedger } from './collector-ledger.ts'
import { createCrossOrigin } from './cross-origin.ts'
import { zipkinRoutes } from './zipkin-receiver.ts'

const open: HttpServer[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map(server => server.close(0)))
})

const ACCEPTED: AppendOutcome = { status: 'accepted', spans: 2, discarded: new Map() }

async function start(
  options: {
    append?: (batch: SpanBatch) => AppendOutcome | Promise<AppendOutcome>
    budget?: ByteBudget
    origins?: readonly string[]
  } = {},
) {
  const batches: SpanBatch[] = []
  const metrics = createMetrics()
  const ledger = createCollectorLedger(metrics)
  const routes = zipkinRoutes({
    intake: new BatchIntake({
      store: {
        append: async batch => {
          batches.push(batch)
          return (options.append ?? (() => ACCEPTED))(batch)
        },
      },
      ledger,
      budget: options.budget ?? new ByteBudget(1_000_000),
      clock: { now: () => 5 as Micros },
    }),
    engine: 'test',
    crossOrigin: createCrossOrigin({ origins: options.origins ?? ['*'], headers: ['content-type'] }),
    maxBodyBytes: 10_000,
    version: '1.2.3',
  })
  const logger = createLogger({ component: 'test', write: () => undefined })
  const server = await startHttpServer({ listen: { host: '127.0.0.1', port: 0 }, routes, logger })
  open.push(server)
  const post = (body: RequestInit['body'], headers: Record<string, string> = {}, path = '/api/v2/spans') =>
    fetch(`${server.url}${path}`, { method: 'POST', ...(body == null ? {} : { body }), headers })
  return { url: server.url, post, batches, ledger, metrics }
}

const textOf = (batch: SpanBatch | undefined): string => Buffer.from(batch?.bytes ?? []).toString()

describe('the Zipkin receiver', () => {
  it('hands the bytes of a batch to the store, and answers 202 with nothing', async () => {
    const { post, batches } = await start()
    const response = await post('[{"a":1}]')
    expect([response.status, await response.text()]).toEqual([202, ''])
    expect(textOf(batches[0])).toBe('[{"a":1}]')
    expect(batches[0]).toMatchObject({ format: 'zipkin-json-v2', receivedAt: 5 })
    expect(batches[0]).not.toHaveProperty('sender')
  })

  it('unpacks gzip', async () => {
    const { post, batches } = await start()
    const body = new Uint8Array(gzipSync('[1]'))
    expect((await post(body, { 'content-encoding': 'gzip' })).status).toBe(202)
    expect(textOf(batches[0])).toBe('[1]')
    const broken = await post('[1]', { 'content-encoding': 'gzip' })
    expect([broken.status, await broken.text()]).toEqual([400, 'Cannot gunzip spans'])
  })

  it('names the sender of a batch that says who it is, and of no other', async () => {
    const { post, batches } = await start()
    await post('[]', { 'x-kiseki-sender': 'pod-a', 'x-kiseki-sequence': '17' })
    expect(batches[0]?.sender).toEqual({ id: 'pod-a', sequence: 17 })
    await post('[]', { 'x-kiseki-sender': 'pod-a', 'x-kiseki-sequence': '-1' })
    await post('[]', { 'x-kiseki-sender': 'pod-a' })
    await post('[]', { 'x-kiseki-sequence': '1' })
    expect(batches.map(batch => batch.sender)).toEqual([
      { id: 'pod-a', sequence: 17 },
      undefined,
      undefined,
      undefined,
    ])
  })

  it('says what is wrong with a batch in the words of the store', async () => {
    const { post, ledger } = await start({
      append: () => ({ status: 'malformed', message: 'Expected a list\n' }),
    })
    const response = await post('{}')
    expect([response.status, await response.text()]).toEqual([400, 'Expected a list\n'])
    expect(ledger.status().batches.refused).toEqual({ malformed: 1 })
  })

  it('refuses bodies that are too large, packed or not', async () => {
    const { post, batches, ledger } = await start()
    expect((await post('x'.repeat(10_001))).status).toBe(413)
    expect(
      (await post(new Uint8Array(gzipSync('x'.repeat(10_001))), { 'content-encoding': 'gzip' })).status,
    ).toBe(413)
    expect(batches).toEqual([])
    expect(ledger.status().batches.refused).toEqual({ 'too-large': 2 })
  })

  it('refuses formats that it cannot read, and says what it can', async () => {
    const { post, batches } = await start()
    for (const type of ['application/x-protobuf', 'application/x-thrift', 'Application/X-Thrift; a=b']) {
      const response = await post('x', { 'content-type': type })
      expect(response.status).toBe(415)
      expect(await response.text()).toContain('application/json')
    }
    const first = await post('[]', {}, '/api/v1/spans')
    expect(first.status).toBe(415)
    expect(await first.text()).toContain('/api/v2/spans')
    expect((await post('[]', { 'content-encoding': 'br' })).status).toBe(415)
    expect(batches).toEqual([])
  })

  it('takes JSON under any other content type', async () => {
    const { post } = await start()
    for (const type of ['application/json', 'text/plain', 'application/octet-stream']) {
      expect((await post('[]', { 'content-type': type })).status).toBe(202)
    }
  })

  it('sends batches back while too much is waiting, and takes them again afterwards', async () => {
    const gate = Promise.withResolvers<AppendOutcome>()
    const budget = new ByteBudget(100)
    const { post, ledger } = await start({ append: () => gate.promise, budget })
    const waiting = post('x'.repeat(80))
    await expect.poll(() => budget.used).toBe(80)
    const response = await post('x'.repeat(30))
    expect(response.status).toBe(429)
    expect(response.headers.get('retry-after')).toBe('1')
    gate.resolve(ACCEPTED)
    expect((await waiting).status).toBe(202)
    expect((await post('x'.repeat(30))).status).toBe(202)
    expect(budget.used).toBe(0)
    expect(ledger.status().batches).toEqual({ accepted: 2, repeated: 0, refused: { overloaded: 1 } })
  })

  it('passes on that the store is overloaded', async () => {
    const { post } = await start({ append: () => ({ status: 'overloaded', retryAfterMillis: 2500 }) })
    const response = await post('[]')
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '3'])
  })

  it('answers 500 when the store fails, and holds nothing back', async () => {
    const budget = new ByteBudget(100)
    const { post, ledger } = await start({ append: () => Promise.reject(new Error('disk')), budget })
    expect((await post('[]')).status).toBe(500)
    expect(budget.used).toBe(0)
    expect(ledger.status().batches.refused).toEqual({ 'store-failed': 1 })
  })

  it('has an even ledger', async () => {
    const outcomes: AppendOutcome[] = [
      { status: 'accepted', spans: 3, discarded: new Map([['time-out-of-range', 2]]) },
      { status: 'accepted', spans: 0, discarded: new Map(), repeated: true },
      { status: 'malformed', message: 'no' },
    ]
    const { post, ledger, metrics } = await start({ append: () => outcomes.shift() ?? ACCEPTED })
    for (let i = 0; i < 4; i++) await post('[]')
    const status = ledger.status()
    expect(status).toMatchObject({ accepted: 7, written: 5, dropped: { 'time-out-of-range': 2 } })
    expect(status.batches).toEqual({ accepted: 3, repeated: 1, refused: { malformed: 1 } })
    expect(metrics.print()).toContain('kiseki_collector_spans_dropped_total{reason="time-out-of-range"} 2\n')
    expect(metrics.print()).toContain(
      'jaeger_collector_spans_received_total{format="zipkin",transport="http"} 7\n',
    )
  })

  it('lets pages of other origins send, as Zipkin does', async () => {
    const { url, post } = await start()
    const preflight = await fetch(`${url}/api/v2/spans`, {
      method: 'OPTIONS',
      headers: { origin: 'http://shop.example', 'access-control-request-method': 'POST' },
    })
    expect(preflight.status).toBe(200)
    expect(preflight.headers.get('access-control-allow-origin')).toBe('*')
    expect(preflight.headers.get('access-control-allow-methods')).toContain('POST')
    expect(preflight.headers.get('access-control-allow-headers')).toContain('content-type')
    const response = await post('[]', { origin: 'http://shop.example' })
    expect(response.headers.get('access-control-allow-origin')).toBe('*')
    expect((await post('[]')).headers.has('access-control-allow-origin')).toBe(false)
  })

  it('lets only the origins send that were named', async () => {
    const { post } = await start({ origins: ['http://shop.example'] })
    const from = async (origin: string) =>
      (await post('[]', { origin })).headers.get('access-control-allow-origin')
    expect(await from('http://shop.example')).toBe('http://shop.example')
    expect(await from('http://other.example')).toBeNull()
  })

  it('answers the questions after health and version as Zipkin does', async () => {
    const { url } = await start()
    const health = await (await fetch(`${url}/health`)).json()
    expect(health).toEqual({
      status: 'UP',
      zipkin: { status: 'UP', details: { 'SpanStore{test}': { status: 'UP' } } },
    })
    expect(await (await fetch(`${url}/info`)).json()).toEqual({ zipkin: { version: 'kiseki 1.2.3' } })
    expect((await fetch(`${url}/api/v2/spans`)).status).toBe(405)
    expect((await fetch(`${url}/nothing`)).status).toBe(404)
  })
})
