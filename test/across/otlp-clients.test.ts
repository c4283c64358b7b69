import {
  credentials,
  status as grpcStatus,
  Metadata,
  makeClientConstructor,
  type ServiceError,
} from '@grpc/grpc-js'
import { context, type HrTime, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import { OTLPTraceExporter as GrpcExporter } from '@opentelemetry/exporter-trace-otlp-grpc'
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { OTLPTraceExporter as ProtoExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import {
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
  type SpanExporter,
  TracerProvider,
} from '@opentelemetry/sdk-trace'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { JaegerKeyValue, JaegerTrace } from '../../src/wire/jaeger-shapes.ts'
import { type RunningKiseki, runKiseki, spanOf } from './running-kiseki.ts'

/** OpenTelemetry's own exporters: what they send to `kiseki all-in-one` comes back from the classic API. */

let kiseki: RunningKiseki
beforeAll(async () => {
  kiseki = await runKiseki()
})
afterAll(() => kiseki.stop())

interface ExporterCase {
  readonly name: string
  readonly exporter: () => SpanExporter
}

const gzip = 'gzip' as never
const CASES: readonly ExporterCase[] = [
  {
    name: 'exporter-trace-otlp-http',
    exporter: () => new JsonExporter({ url: `${kiseki.urls.otlpHttp}/v1/traces` }),
  },
  {
    name: 'exporter-trace-otlp-http with gzip',
    exporter: () => new JsonExporter({ url: `${kiseki.urls.otlpHttp}/v1/traces`, compression: gzip }),
  },
  {
    name: 'exporter-trace-otlp-proto',
    exporter: () => new ProtoExporter({ url: `${kiseki.urls.otlpHttp}/v1/traces` }),
  },
  {
    name: 'exporter-trace-otlp-proto with gzip',
    exporter: () => new ProtoExporter({ url: `${kiseki.urls.otlpHttp}/v1/traces`, compression: gzip }),
  },
  { name: 'exporter-trace-otlp-grpc', exporter: () => new GrpcExporter({ url: kiseki.urls.otlpGrpc }) },
  {
    name: 'exporter-trace-otlp-grpc with gzip',
    exporter: () => new GrpcExporter({ url: kiseki.urls.otlpGrpc, compression: gzip }),
  },
]

describe.each(CASES)('@opentelemetry/$name', ({ exporter: createExporter }) => {
  it('sees every field of its spans again', async () => {
    const exported = new InMemorySpanExporter()
    const exporter = createExporter()
    const provider = new TracerProvider({
      spanProcessors: [
        new SimpleSpanProcessor({ exporter: exported }),
        new SimpleSpanProcessor({ exporter }),
      ],
    })
    record(provider)
    await provider.forceFlush()

    const spans = exported.getFinishedSpans()
    expect(spans).toHaveLength(6)
    const found = await kiseki.storedTrace(spans[0]?.spanContext().traceId ?? '', 6)
    for (const span of spans) expectSame(found, span)
    await provider.shutdown()
  })
})

function record(provider: TracerProvider): void {
  const tracer = provider.getTracer('books', '1.2.3')
  const root = tracer.startSpan('POST /checkout 軌跡', {
    kind: SpanKind.SERVER,
    attributes: {
      'http.request.method': 'POST',
      'http.response.status_code': 500,
      ratio: 72.5,
      cold: true,
      large: Number.MAX_SAFE_INTEGER,
      negative: -7,
      list: ['a', 'b'],
      flags: [true, false],
      empty: '',
    },
    links: [
      {
        context: { traceId: 'ab'.repeat(16), spanId: 'cd'.repeat(8), traceFlags: 1 },
        attributes: { why: 'batch' },
      },
    ],
  })
  const within = trace.setSpan(context.active(), root)
  for (const kind of [SpanKind.CLIENT, SpanKind.PRODUCER, SpanKind.CONSUMER, SpanKind.INTERNAL]) {
    const child = tracer.startSpan(`child ${SpanKind[kind]}`, { kind }, within)
    child.addEvent('retry', { attempt: 2, why: 'reset' })
    child.setStatus({ code: SpanStatusCode.OK })
    child.end()
  }
  const timed = tracer.startSpan('precise', { startTime: [1_700_000_000, 123_000_300] }, within)
  timed.addEvent('then', [1_700_000_000, 123_000_999])
  timed.end([1_700_000_000, 123_999_400])
  root.setStatus({ code: SpanStatusCode.ERROR, message: 'card refused' })
  root.end()
}

function expectSame(found: JaegerTrace, sent: ReadableSpan): void {
  const { traceId, spanId } = sent.spanContext()
  const span = spanOf(found, spanId)
  const process = found.processes[span.processID]
  const { 'service.name': service, ...resource } = sent.resource.attributes
  expect(found.traceID).toBe(traceId)
  expect(process?.serviceName).toBe(service)
  expect(tagsOf(process?.tags ?? [])).toEqual(shown(resource))
  expect(span.operationName).toBe(sent.name)
  expect(span.startTime).toBe(wholeMicros(sent.startTime))
  expect(Math.abs(span.duration - wholeMicros(sent.duration))).toBeLessThanOrEqual(1)
  const parent = sent.parentSpanContext?.spanId
  expect(span.references).toEqual([
    ...(parent === undefined ? [] : [{ refType: 'CHILD_OF', traceID: traceId, spanID: parent }]),
    ...sent.links.map(link => ({
      refType: 'FOLLOWS_FROM',
      traceID: link.context.traceId,
      spanID: link.context.spanId,
    })),
  ])
  const isError = sent.status.code === SpanStatusCode.ERROR
  expect(tagsOf(span.tags)).toEqual({
    ...shown(sent.attributes),
    'otel.scope.name': 'books',
    'otel.scope.version': '1.2.3',
    'span.kind': SpanKind[sent.kind].toLowerCase(),
    ...(isError ? { error: true, 'otel.status_description': 'card refused' } : {}),
    ...(sent.status.code === SpanStatusCode.UNSET ? {} : { 'otel.status_code': isError ? 'ERROR' : 'OK' }),
  })
  expect(span.logs.map(({ timestamp, fields }) => [timestamp, tagsOf(fields)])).toEqual(
    sent.events.map(({ time, name, attributes }) => [
      wholeMicros(time),
      { event: name, ...shown(attributes ?? {}) },
    ]),
  )
}

const wholeMicros = ([seconds, nanos]: HrTime): number => seconds * 1e6 + Math.floor(nanos / 1e3)

const tagsOf = (tags: readonly JaegerKeyValue[]): Record<string, unknown> =>
  Object.fromEntries(tags.map(({ key, value }) => [key, value]))

/** Lists are JSON in Jaeger's API; all else has its type. */
const shown = (attributes: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(attributes).map(([key, value]) => [
      key,
      Array.isArray(value) ? JSON.stringify(value) : value,
    ]),
  )

describe('@grpc/grpc-js', () => {
  const plain = { requestStream: false, responseStream: false, ...bytesAsTheyAre() }
  const Client = makeClientConstructor(
    {
      export: { ...plain, path: '/opentelemetry.proto.collector.trace.v1.TraceService/Export' },
      other: { ...plain, path: '/opentelemetry.proto.collector.trace.v1.TraceService/Other' },
    },
    'TraceService',
  )

  function bytesAsTheyAre() {
    const same = (bytes: Buffer): Buffer => bytes
    return {
      requestSerialize: same,
      requestDeserialize: same,
      responseSerialize: same,
      responseDeserialize: same,
    }
  }

  it('understands what the door says when it refuses', async () => {
    const client = new Client(new URL(kiseki.urls.otlpGrpc).host, credentials.createInsecure())
    const call = (method: 'export' | 'other', bytes: Buffer) =>
      new Promise<Partial<ServiceError>>(resolve => {
        const done = (error: ServiceError | null): void => resolve(error ?? { code: grpcStatus.OK })
        client[method]?.(bytes, new Metadata(), { deadline: Date.now() + 10_000 }, done)
      })
    expect(await call('export', Buffer.alloc(0))).toMatchObject({ code: grpcStatus.OK })
    expect(await call('export', Buffer.of(10, 5, 0))).toMatchObject({
      code: grpcStatus.INVALID_ARGUMENT,
      details: expect.stringContaining('cut short'),
    })
    expect(await call('export', Buffer.alloc(4 * 1024 * 1024 + 1))).toMatchObject({
      code: grpcStatus.RESOURCE_EXHAUSTED,
    })
    expect(await call('other', Buffer.alloc(0))).toMatchObject({ code: grpcStatus.UNIMPLEMENTED })
    client.close()
  })
})
