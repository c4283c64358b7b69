import { type Micros, ZERO_MICROS } from '../model/micros.ts'
import type { Endpoint, SpanKind } from '../model/span.ts'
import type { SpanSink } from '../model/span-sink.ts'
import { OUT_OF_RANGE } from './decode-outcome.ts'
import { EndpointMemo } from './zipkin-endpoint.ts'
import type { ZipkinAnnotation, ZipkinKind, ZipkinSpan } from './zipkin-span.ts'

/** Tells a sink of checked Zipkin spans, one after the other. */
export class SpanPusher {
  pushed = 0
  readonly discarded: Map<string, number> = new Map()
  readonly #sink: SpanSink
  readonly #local = new EndpointMemo(false)
  readonly #remote = new EndpointMemo(true)
  #service: string | undefined

  constructor(sink: SpanSink) {
    this.#sink = sink
  }

  push(span: ZipkinSpan): void {
    if (!isInRange(span)) {
      this.discarded.set(OUT_OF_RANGE, (this.discarded.get(OUT_OF_RANGE) ?? 0) + 1)
      return
    }
    const sink = this.#sink
    const service = span.localEndpoint?.serviceName ?? ''
    if (service !== this.#service) {
      this.#service = service
      sink.resource(service)
    }
    sink.begin(span.traceId, span.id, span.parentId ?? undefined)
    sink.name(span.name ?? '', kindOf(span.kind))
    sink.time(timeOf(span.timestamp), timeOf(span.duration))
    const shared = span.shared === true && span.kind !== 'CLIENT'
    if (shared || span.debug === true) sink.marks(span.debug === true, shared)
    this.#pushEndpoints(span)
    if (span.tags !== undefined && span.tags !== null) pushTags(sink, span.tags)
    if (span.annotations !== undefined && span.annotations !== null) pushAnnotations(sink, span.annotations)
    sink.end()
    this.pushed++
  }

  #pushEndpoints(span: ZipkinSpan): void {
    const local = endpointOf(this.#local, span.localEndpoint)
    if (local !== undefined) this.#sink.local(local)
    const remote = endpointOf(this.#remote, span.remoteEndpoint)
    if (remote !== undefined) this.#sink.remote(remote)
  }
}

function endpointOf(memo: EndpointMemo, endpoint: ZipkinSpan['localEndpoint']): Endpoint | undefined {
  return endpoint === undefined || endpoint === null ? undefined : memo.read(endpoint)
}

/**
 * A tag `error`, whatever its value, makes the span one that failed; otherwise OpenTelemetry's tags decide.
 * All of them stay tags as well.
 */
function pushTags(sink: SpanSink, tags: Readonly<Record<string, string>>): void {
  let failed = false
  let code = ''
  for (const key in tags) {
    const value = tags[key] ?? ''
    sink.attribute('span', key, value)
    if (key === 'error') failed = true
    else if (key === 'otel.status_code') code = value
  }
  if (failed || code === 'ERROR') sink.status('error', tags['otel.status_description'] ?? '')
  else if (code === 'OK') sink.status('ok', '')
}

function pushAnnotations(sink: SpanSink, annotations: readonly ZipkinAnnotation[]): void {
  for (const annotation of annotations) sink.event(annotation.timestamp as Micros, 0, annotation.value)
}

function kindOf(kind: ZipkinKind | null | undefined): SpanKind {
  switch (kind) {
    case 'CLIENT':
      return 'client'
    case 'SERVER':
      return 'server'
    case 'PRODUCER':
      return 'producer'
    case 'CONSUMER':
      return 'consumer'
    default:
      return 'unspecified'
  }
}

function timeOf(value: number | null | undefined): Micros {
  return value === undefined || value === null ? ZERO_MICROS : (value as Micros)
}

function isInRange(span: ZipkinSpan): boolean {
  return (
    timeOf(span.timestamp) <= Number.MAX_SAFE_INTEGER &&
    timeOf(span.duration) <= Number.MAX_SAFE_INTEGER &&
    (span.annotations?.every(({ timestamp }) => Number.isSafeInteger(timestamp)) ?? true)
  )
}
