import { connect } from 'node:http2'
import { gzipSync } from 'node:zlib'
import protobuf from 'protobufjs'
import { afterEach, describe, expect, it } from 'vitest'
import type { Micros } from '../../model/micros.ts'
import { frame } from '../../runtime/grpc/grpc-message.ts'
import { startGrpcServer } from '../../runtime/grpc/grpc-server.ts'
import { startHttpServer } from '../../runtime/http-server.ts'
import { createLogger } from '../../runtime/logger.ts'
import { createMetrics } from '../../runtime/metrics.ts'
import type { AppendOutcome, SpanBatch } from '../../storage/span-store.ts'
import { BatchIntake } from '../batch-intake.ts'
import { ByteBudget } from '../byte-budget.ts'
import { createCollectorLedger } from '../collector-ledger.ts'
import { createCrossOrigin } from '../cross-origin.ts'
import { otlpExport } from './grpc-receiver.ts'
import { otlpRoutes } from './http-receiver.ts'

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

const PROTO = 'application/x-protobuf'
const JSON_TYPE = 'application/json'
const PATH = '/opentelemetry.proto.collector.trace.v1.TraceService/Export'
const ACCEPTED: AppendOutcome = { status: 'accepted', spans: 2, discarded: new Map() }
const PARTLY: AppendOutcome = {
  status: 'accepted',
  spans: 2,
  discarded: new Map([
    ['bad-trace-id', 300],
    ['time-out-of-range', 1],
  ]),
}
const SAID = 'not kept: 300 bad-trace-id, 1 time-out-of-range'

/** Answers as their readers have them, numbers and names as in OTLP's and Google's protobuf. */
const { nested } = protobuf.Root.fromJSON({
  nested: {
    Partial: { fields: { rejectedSpans: { id: 1, type: 'int64' }, errorMessage: { id: 2, type: 'string' } } },
    Response: { fields: { partialSuccess: { id: 1, type: 'Partial' } } },
    Any: { fields: { typeUrl: { id: 1, type: 'string' }, value: { id: 2, type: 'bytes' } } },
    Status: {
      fields: {
        code: { id: 1, type: 'int32' },
        message: { id: 2, type: 'string' },
        details: { id: 3, type: 'Any', rule: 'repeated' },
      },
    },
    Duration: { fields: { seconds: { id: 1, type: 'int64' }, nanos: { id: 2, type: 'int32' } } },
    RetryInfo: { fields: { retryDelay: { id: 1, type: 'Duration' } } },
  },
})

function read(type: string, bytes: Uint8Array): Record<string, unknown> {
  const found = nested?.[type]
  if (!(found instanceof protobuf.Type)) throw new Error(`no ${type}`)
  return found.toObject(found.decode(bytes), { longs: Number })
}

async function start(options: {
  append?: () => AppendOutcome | Promise<AppendOutcome>
  budget?: ByteBudget
}) {
  const batches: SpanBatch[] = []
  const metrics = createMetrics()
  const ledger = createCollectorLedger(metrics)
  const logger = createLogger({ component: 'test', write: () => undefined })
  const intake = new BatchIntake({
    store: {
      append: async batch => {
        batches.push(batch)
        return (options.append ?? (() => ACCEPTED))()
      },
    },
    ledger,
    budget: options.budget ?? new ByteBudget(1_000_000),
    clock: { now: () => 5 as Micros },
  })
  const listen = { host: '127.0.0.1', port: 0 }
  const crossOrigin = createCrossOrigin({ origins: ['*'], headers: ['content-type'] })
  const routes = otlpRoutes({ intake, crossOrigin, maxBodyBytes: 10_000, logger })
  const http = await startHttpServer({ listen, routes, logger })
  const grpc = await startGrpcServer({
    listen,
    methods: [otlpExport({ intake, maxMessageBytes: 10_000 })],
    logger,
  })
  const client = connect(`http://${grpc.address}`)
  closing.push(
    () => client.destroy(),
    () => http.close(0),
    () => grpc.close(0),
  )
  const url = `${http.url}/v1/traces`
  return {
    url,
    batches,
    ledger,
    metrics,
    post: (body: RequestInit['body'], type = PROTO, headers: Record<string, string> = {}) =>
      fetch(url, { method: 'POST', body: body ?? '', headers: { 'content-type': type, ...headers } }),
    call: (message: Uint8Array, headers: Record<string, string> = {}) =>
      new Promise<{ status: string; headers: Record<string, unknown>; bytes: Buffer }>((resolve, reject) => {
        const stream = client.request({
          ':method': 'POST',
          ':path': PATH,
          'content-type': 'application/grpc',
          te: 'trailers',
          ...headers,
        })
        const all: Record<string, unknown> = {}
        const chunks: Buffer[] = []
        stream.on('response', part => Object.assign(all, part))
        stream.on('trailers', part => Object.assign(all, part))
        stream.on('data', (chunk: Buffer) => chunks.push(chunk))
        stream.on('error', reject)
        stream.on('close', () =>
          resolve({
            status: String(all['grpc-status']),
            headers: all,
            bytes: Buffer.concat(chunks).subarray(5),
          }),
        )
        stream.end(frame(message))
      }),
  }
}

const bytesOf = async (response: Response) => new Uint8Array(await response.arrayBuffer())
const body = Uint8Array.of(1, 2, 3)

describe('the OTLP receivers', () => {
  it('hand the bytes of a request to the store, and answer that all is well', async () => {
    const { post, call, batches } = await start({})
    const proto = await post(body)
    expect([proto.status, proto.headers.get('content-type')]).toEqual([200, PROTO])
    expect(await bytesOf(proto)).toEqual(new Uint8Array())
    const json = await post('{"resourceSpans":[]}', `${JSON_TYPE}; charset=utf-8`)
    expect([json.status, json.headers.get('content-type')]).toEqual([200, JSON_TYPE])
    expect(await json.json()).toEqual({ partialSuccess: {} })
    expect(await call(body)).toMatchObject({ status: '0', bytes: Buffer.alloc(0) })
    expect(batches.map(({ format, receivedAt, bytes }) => [format, receivedAt, [...bytes]])).toEqual([
      ['otlp-proto', 5, [1, 2, 3]],
      ['otlp-json', 5, [...Buffer.from('{"resourceSpans":[]}')]],
      ['otlp-proto', 5, [1, 2, 3]],
    ])
  })

  it('unpack gzip, and name the sender that says who it is', async () => {
    const { post, call, batches } = await start({})
    const zipped = new Uint8Array(gzipSync(body))
    const sender = { 'x-kiseki-sender': 'pod-a', 'x-kiseki-sequence': '17' }
    expect((await post(zipped, PROTO, { 'content-encoding': 'gzip', ...sender })).status).toBe(200)
    expect((await call(body, sender)).status).toBe('0')
    expect(batches.map(({ bytes, sender: from }) => [[...bytes], from])).toEqual(
      Array(2).fill([[1, 2, 3], { id: 'pod-a', sequence: 17 }]),
    )
  })

  it('say how many spans were not kept and why, and count them', async () => {
    const { post, call, ledger, metrics } = await start({ append: () => PARTLY })
    const partialSuccess = { rejectedSpans: 301, errorMessage: SAID }
    expect(read('Response', await bytesOf(await post(body)))).toEqual({ partialSuccess })
    expect(await (await post('{}', JSON_TYPE)).json()).toEqual({
      partialSuccess: { rejectedSpans: '301', errorMessage: SAID },
    })
    const reply = await call(body)
    expect(reply.status).toBe('0')
    expect(read('Response', reply.bytes)).toEqual({ partialSuccess })
    expect(ledger.status()).toMatchObject({
      accepted: 909,
      written: 6,
      dropped: { 'bad-trace-id': 900, 'time-out-of-range': 3 },
    })
    const printed = metrics.print()
    expect(printed).toContain('jaeger_collector_spans_received_total{format="otlp",transport="http"} 606\n')
    expect(printed).toContain('jaeger_collector_spans_rejected_total{format="otlp",transport="grpc"} 301\n')
  })

  it('refuse what the store cannot read, in its words and in the encoding of the request', async () => {
    const { post, call, ledger } = await start({ append: () => ({ status: 'malformed', message: 'cut 軌' }) })
    const status = { code: 3, message: 'cut 軌' }
    const proto = await post(body)
    expect([proto.status, proto.headers.get('content-type')]).toEqual([400, PROTO])
    expect(read('Status', await bytesOf(proto))).toEqual(status)
    const json = await post('x', JSON_TYPE)
    expect(json.status).toBe(400)
    expect(await json.json()).toEqual(status)
    const reply = await call(body)
    expect(reply.status).toBe('3')
    expect(decodeURIComponent(String(reply.headers['grpc-message']))).toBe('cut 軌')
    expect(ledger.status().batches.refused).toEqual({ malformed: 3 })
  })

  it('refuse other types, encodings, methods and paths', async () => {
    const { url, post, ledger, batches } = await start({})
    const type = await post('x', 'text/plain')
    expect([type.status, await type.text()]).toEqual([
      415,
      '415 unsupported media type, supported: [application/json, application/x-protobuf]',
    ])
    expect((await fetch(url, { method: 'POST' })).status).toBe(415)
    const encoding = await post(body, PROTO, { 'content-encoding': 'br' })
    expect(encoding.status).toBe(415)
    expect(read('Status', await bytesOf(encoding))['message']).toContain('br')
    const broken = await post(body, PROTO, { 'content-encoding': 'gzip' })
    expect(broken.status).toBe(400)
    expect((await fetch(url)).status).toBe(405)
    expect((await fetch(url.replace('traces', 'metrics'), { method: 'POST' })).status).toBe(404)
    expect(batches).toEqual([])
    expect(ledger.status().batches.refused).toEqual({ 'unsupported-format': 3, undecodable: 1 })
  })

  it('refuse bodies that are too large, packed or not', async () => {
    const { post, call, ledger, batches } = await start({})
    const large = new Uint8Array(10_001)
    expect((await post(large)).status).toBe(413)
    const bomb = await post(new Uint8Array(gzipSync(large)), JSON_TYPE, { 'content-encoding': 'gzip' })
    expect([bomb.status, ((await bomb.json()) as { code: number }).code]).toEqual([413, 8])
    const reply = await call(large)
    expect(reply.status).toBe('8')
    // Without them a client does not try again, which would be in vain.
    expect(reply.headers).not.toHaveProperty('grpc-status-details-bin')
    expect(batches).toEqual([])
    expect(ledger.status().batches.refused).toEqual({ 'too-large': 3 })
  })

  it('send batches back while too much is waiting, say when to come again, and take them then', async () => {
    const gate = Promise.withResolvers<AppendOutcome>()
    const budget = new ByteBudget(100)
    const { post, call, ledger } = await start({ append: () => gate.promise, budget })
    const waiting = post(new Uint8Array(80))
    await expect.poll(() => budget.used).toBe(80)
    const response = await post(new Uint8Array(30))
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '1'])
    expect(read('Status', await bytesOf(response))['code']).toBe(8)
    const reply = await call(new Uint8Array(30))
    expect([reply.status, reply.headers['grpc-retry-pushback-ms']]).toEqual(['8', '1000'])
    const details = read('Status', Buffer.from(String(reply.headers['grpc-status-details-bin']), 'base64'))
    const [retry] = details['details'] as { typeUrl: string; value: Uint8Array }[]
    expect(retry?.typeUrl).toBe('type.googleapis.com/google.rpc.RetryInfo')
    expect(read('RetryInfo', retry?.value ?? body)).toEqual({ retryDelay: { seconds: 1 } })
    gate.resolve(ACCEPTED)
    expect((await waiting).status).toBe(200)
    expect((await call(new Uint8Array(30))).status).toBe('0')
    await expect.poll(() => budget.used).toBe(0)
    expect(ledger.status().batches).toEqual({ accepted: 2, repeated: 0, refused: { overloaded: 2 } })
  })

  it('hold no more of a body of unknown length than there is of it', async () => {
    const gate = Promise.withResolvers<AppendOutcome>()
    const budget = new ByteBudget(100)
    const { url, ledger } = await start({ append: () => gate.promise, budget })
    const chunked = (bytes: number) =>
      fetch(url, {
        method: 'POST',
        headers: { 'content-type': PROTO },
        body: new Blob([new Uint8Array(bytes)]).stream(),
        duplex: 'half',
      })
    const waiting = [chunked(30), chunked(40)]
    await expect.poll(() => budget.used).toBe(70)
    expect((await chunked(50)).status).toBe(429)
    gate.resolve(ACCEPTED)
    for (const response of await Promise.all(waiting)) expect(response.status).toBe(200)
    expect(budget.used).toBe(0)
    expect(ledger.status().batches).toEqual({ accepted: 2, repeated: 0, refused: { overloaded: 1 } })
  })

  it('pass on that the store is overloaded, or failed, so that senders try again', async () => {
    const outcomes = [
      () => ({ status: 'overloaded', retryAfterMillis: 2500 }) as const,
      () => ({ status: 'overloaded', retryAfterMillis: 2500 }) as const,
      () => Promise.reject(new Error('disk')),
      () => Promise.reject(new Error('disk')),
    ]
    const { post, call, ledger } = await start({ append: () => (outcomes.shift() ?? (() => ACCEPTED))() })
    const busy = await post(body)
    expect([busy.status, busy.headers.get('retry-after')]).toEqual([429, '3'])
    expect((await call(body)).headers['grpc-retry-pushback-ms']).toBe('2500')
    expect((await post(body)).status).toBe(503)
    expect((await call(body)).status).toBe('14')
    expect(ledger.status().batches.refused).toEqual({ overloaded: 2, 'store-failed': 2 })
  })

  it('let pages of other origins send', async () => {
    const { url, post } = await start({})
    const headers = { origin: 'http://shop.example', 'access-control-request-method': 'POST' }
    const preflight = await fetch(url, { method: 'OPTIONS', headers })
    expect([preflight.status, preflight.headers.get('access-control-allow-origin')]).toEqual([200, '*'])
    const response = await post('{}', JSON_TYPE, { origin: 'http://shop.example' })
    expect(response.headers.get('access-control-allow-origin')).toBe('*')
  })
})
