import { createRequire } from 'node:module'
import { context, type HrTime, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import { ZipkinExporter } from '@opentelemetry/exporter-zipkin'
import {
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
  TracerProvider,
} from '@opentelemetry/sdk-trace'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AllInOneUrls } from '../../src/cli/kiseki/testing/all-in-one-process.ts'
import type { JaegerSpan, JaegerTrace } from '../../src/wire/jaeger-shapes.ts'
import { type RunningKiseki, runKiseki, spanOf } from './running-kiseki.ts'

/** The clients that people have: what they send to `kiseki all-in-one` comes back from the classic API. */

const load = createRequire(import.meta.url)
const zipkin: typeof import('zipkin') = load('zipkin')
const { HttpLogger }: typeof import('zipkin-transport-http') = load('zipkin-transport-http')

let kiseki: RunningKiseki
let urls: AllInOneUrls
let storedTrace: RunningKiseki['storedTrace']

beforeAll(async () => {
  kiseki = await runKiseki()
  ;({ urls, storedTrace } = kiseki)
})

afterAll(() => kiseki.stop())

const tagsOf = (span: JaegerSpan): Record<string, unknown> =>
  Object.fromEntries(span.tags.map(({ key, value }) => [key, value]))

const logsOf = (span: JaegerSpan): readonly unknown[] =>
  span.logs.map(({ timestamp, fields }) => [timestamp, fields.map(({ key, value }) => [key, value])])

interface SentSpan {
  readonly traceId: string
  readonly parentId?: string
  readonly id: string
  readonly kind?: string
  readonly name: string
  readonly timestamp: number
  readonly duration: number
  readonly localEndpoint: { readonly serviceName: string; readonly ipv4: string; readonly port: number }
  readonly remoteEndpoint?: { readonly serviceName?: string; readonly ipv4?: string; readonly port?: number }
  readonly annotations?: readonly { readonly timestamp: number; readonly value: string }[]
  readonly tags?: Readonly<Record<string, string>>
  readonly debug?: boolean
}

const SERVICE = 'Front End 軌跡'

describe('zipkin-js', () => {
  it('sees every field of its spans again', async () => {
    const sent: SentSpan[] = []
    const failures: unknown[] = []
    const logger = new HttpLogger({
      endpoint: `${urls.zipkin}/api/v2/spans`,
      httpInterval: 20,
      log: { error: (...failure: unknown[]) => failures.push(failure) },
      jsonEncoder: {
        encode(span) {
          const text = zipkin.jsonEncoder.JSON_V2.encode(span)
          sent.push(JSON.parse(text))
          return text
        },
      },
    })
    const traceId = recordWithZipkin(new zipkin.BatchRecorder({ logger }))

    const found = await storedTrace(traceId, 4)
    expect(failures).toEqual([])
    expect(sent).toHaveLength(4)
    for (const span of sent) expectSame(found, span)
    expect(sent.map(span => span.kind).sort()).toEqual(['CLIENT', 'PRODUCER', 'SERVER', undefined])
  })

  function recordWithZipkin(recorder: import('zipkin').Recorder): string {
    const { Annotation, InetAddress } = zipkin
    const tracer = new zipkin.Tracer({
      ctxImpl: new zipkin.ExplicitContext(),
      recorder,
      localServiceName: SERVICE,
      traceId128Bit: true,
      supportsJoin: false,
    })
    const root = tracer.createRootId()
    const record = (id: import('zipkin').TraceId, body: () => void) =>
      tracer.letId(id, () => {
        // As its instrumentations do for every span.
        tracer.recordServiceName(SERVICE)
        tracer.recordAnnotation(new Annotation.LocalAddr({ host: new InetAddress('10.1.2.3'), port: 8080 }))
        body()
      })
    record(root, () => {
      tracer.recordAnnotation(new Annotation.ServerRecv())
      tracer.recordRpc('GET /search/{term}')
      tracer.recordBinary('http.url', 'https://shop.example/search/%E2%9C%93?q="x"')
      tracer.recordBinary('empty', '')
      tracer.recordMessage('cache miss 🛒')
      const child = (body: () => void) => record(tracer.createChildId(), body)
      child(() => {
        tracer.recordAnnotation(new Annotation.ClientSend())
        tracer.recordRpc('select')
        tracer.recordAnnotation(
          new Annotation.ServerAddr({ serviceName: 'mysql', host: new InetAddress('10.9.8.7'), port: 3306 }),
        )
        tracer.recordBinary('error', 'deadlock found')
        tracer.recordAnnotation(new Annotation.ClientRecv())
      })
      child(() => {
        tracer.recordAnnotation(new Annotation.ProducerStart())
        tracer.recordRpc('send')
        tracer.recordAnnotation(new Annotation.ProducerStop())
      })
      child(() => {
        tracer.recordAnnotation(new Annotation.LocalOperationStart('render'))
        tracer.recordAnnotation(new Annotation.LocalOperationStop())
      })
      tracer.recordAnnotation(new Annotation.ServerSend())
    })
    return root.traceId
  }

  function expectSame(found: JaegerTrace, sent: SentSpan): void {
    const span = spanOf(found, sent.id)
    expect(found.traceID).toBe(sent.traceId)
    expect(found.processes[span.processID]).toEqual({ serviceName: sent.localEndpoint.serviceName, tags: [] })
    expect(span).toMatchObject({
      traceID: sent.traceId,
      operationName: sent.name,
      startTime: sent.timestamp,
      duration: sent.duration,
      warnings: null,
    })
    expect(span.references).toEqual(
      sent.parentId === undefined
        ? []
        : [{ refType: 'CHILD_OF', traceID: sent.traceId, spanID: sent.parentId }],
    )
    expect(logsOf(span)).toEqual(
      (sent.annotations ?? []).map(({ timestamp, value }) => [timestamp, [['event', value]]]),
    )
    const tags = tagsOf(span)
    expect(tags).toMatchObject({
      ...Object.fromEntries(Object.entries(sent.tags ?? {}).filter(([key]) => key !== 'error')),
      'network.local.address': sent.localEndpoint.ipv4,
      'net.host.port': sent.localEndpoint.port,
    })
    expect(tags['span.kind']).toBe(sent.kind?.toLowerCase())
    expect(tags['peer.service']).toBe(sent.remoteEndpoint?.serviceName)
    expect(tags['network.peer.address']).toBe(sent.remoteEndpoint?.ipv4)
    expect(tags['net.peer.port']).toBe(sent.remoteEndpoint?.port)
    const errors = span.tags.filter(tag => tag.key === 'error').map(tag => tag.value)
    expect(errors).toEqual(sent.tags?.['error'] === undefined ? [] : [sent.tags['error'], true])
  }
})

describe("OpenTelemetry's Zipkin exporter", () => {
  it('sees every field of its spans again', async () => {
    const exported = new InMemorySpanExporter()
    const exporter = new ZipkinExporter({ url: `${urls.zipkin}/api/v2/spans` })
    const provider = new TracerProvider({
      spanProcessors: [
        new SimpleSpanProcessor({ exporter: exported }),
        new SimpleSpanProcessor({ exporter }),
      ],
    })
    recordWithOpenTelemetry(provider)
    await provider.forceFlush()

    const spans = exported.getFinishedSpans()
    expect(spans).toHaveLength(6)
    const found = await storedTrace(spans[0]?.spanContext().traceId ?? '', 6)
    for (const span of spans) expectSame(found, span)
    await provider.shutdown()
  })

  function recordWithOpenTelemetry(provider: TracerProvider): void {
    const tracer = provider.getTracer('test')
    const root = tracer.startSpan('POST /checkout', {
      kind: SpanKind.SERVER,
      attributes: {
        'http.request.method': 'POST',
        'http.response.status_code': 500,
        ratio: 72.5,
        cold: true,
        list: ['a', 'b'],
      },
    })
    const within = trace.setSpan(context.active(), root)
    for (const kind of [SpanKind.CLIENT, SpanKind.PRODUCER, SpanKind.CONSUMER, SpanKind.INTERNAL]) {
      const child = tracer.startSpan(`child ${SpanKind[kind]} 軌跡`, { kind }, within)
      child.addEvent('retry', { attempt: 2 })
      child.setStatus({ code: SpanStatusCode.OK })
      child.end()
    }
    // Nanoseconds that somebody set: the exporter sends fractions of microseconds.
    const timed = tracer.startSpan('precise', { startTime: [1_700_000_000, 123_000_300] }, within)
    timed.end([1_700_000_000, 123_999_400])
    root.setStatus({ code: SpanStatusCode.ERROR, message: 'card refused' })
    root.end()
  }

  const wholeMicros = ([seconds, nanos]: HrTime): number => seconds * 1e6 + nanos / 1e3

  function expectSame(found: JaegerTrace, sent: ReadableSpan): void {
    const { traceId, spanId } = sent.spanContext()
    const span = spanOf(found, spanId)
    expect(found.traceID).toBe(traceId)
    const service = sent.resource.attributes['service.name']
    expect(found.processes[span.processID]?.serviceName).toBe(service)
    expect(span.operationName).toBe(sent.name)
    expect(Math.abs(span.startTime - wholeMicros(sent.startTime))).toBeLessThan(1)
    expect(Math.abs(span.duration - wholeMicros(sent.duration))).toBeLessThan(1)
    const parent = sent.parentSpanContext?.spanId
    expect(span.references.map(reference => reference.spanID)).toEqual(parent === undefined ? [] : [parent])
    const tags = tagsOf(span)
    const attributes = { ...sent.attributes, ...sent.resource.attributes }
    for (const [key, value] of Object.entries(attributes)) expect(tags[key]).toBe(String(value))
    // Zipkin has no kind for what is internal.
    const kind = SpanKind[sent.kind].toLowerCase()
    expect(tags['span.kind']).toBe(kind === 'internal' ? undefined : kind)
    expect(logsOf(span).map(log => (log as [number, unknown])[1])).toEqual(
      sent.events.map(event => [['event', event.name]]),
    )
    const status = {
      [SpanStatusCode.UNSET]: undefined,
      [SpanStatusCode.OK]: 'OK',
      [SpanStatusCode.ERROR]: 'ERROR',
    }
    expect(tags['otel.status_code']).toBe(status[sent.status.code])
    const errors = span.tags.filter(tag => tag.key === 'error').map(tag => tag.value)
    expect(errors).toEqual(sent.status.code === SpanStatusCode.ERROR ? ['card refused', true] : [])
  }
})
