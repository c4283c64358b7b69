import type { Attributes } from './attributes.ts'
import type { SpanId, TraceId } from './ids.ts'
import type { Micros } from './micros.ts'

/** `unspecified`: the source named none (Zipkin spans without kind are local ones). */
export type SpanKind = 'unspecified' | 'internal' | 'server' | 'client' | 'producer' | 'consumer'

export type StatusCode = 'unset' | 'ok' | 'error'

export interface SpanStatus {
  readonly code: StatusCode
  readonly message?: string
}

/** A network address as Zipkin writes it; every part may be missing. */
export interface Endpoint {
  readonly service?: string
  readonly ipv4?: string
  readonly ipv6?: string
  readonly port?: number
}

/** What made the span. `service` is empty where the source named none. */
export interface Resource {
  readonly service: string
  readonly attributes: Attributes
}

export interface Scope {
  readonly name: string
  readonly version: string
  readonly attributes: Attributes
}

export interface SpanEvent {
  readonly time: Micros
  /** Nanoseconds beyond `time`, 0 to 999. */
  readonly nanos?: number
  readonly name: string
  readonly attributes: Attributes
}

export interface SpanLink {
  readonly traceId: TraceId
  readonly spanId: SpanId
  readonly traceState?: string
  /** As those of a span. */
  readonly flags?: number
  readonly attributes: Attributes
}

/**
 * One operation of one service. Everything that a source can say has a place here, so that what came in
 * comes back unchanged through any API.
 */
export interface Span {
  readonly traceId: TraceId
  readonly spanId: SpanId
  readonly parentId?: SpanId
  readonly name: string
  readonly kind: SpanKind
  /** 0 where the source gave no start. */
  readonly start: Micros
  /** Nanoseconds beyond `start`, 0 to 999. */
  readonly startNanos?: number
  /** 0 where the source gave none. */
  readonly duration: Micros
  /** Nanoseconds beyond `duration`, 0 to 999. */
  readonly durationNanos?: number
  readonly status: SpanStatus
  readonly attributes: Attributes
  readonly events: readonly SpanEvent[]
  readonly links: readonly SpanLink[]
  readonly resource: Resource
  readonly scope?: Scope
  /** Where the span ran (Zipkin `localEndpoint`); its service is `resource.service`. */
  readonly local?: Endpoint
  /** The other side of the exchange (Zipkin `remoteEndpoint`). */
  readonly remote?: Endpoint
  readonly traceState?: string
  /** W3C's trace flags, and OTLP's bits above them; absent where all are 0. */
  readonly flags?: number
  /** Zipkin: kept whatever the sampler says. */
  readonly debug?: true
  /** Zipkin: the span id was made by the client and is used by both halves. */
  readonly shared?: true
}
