import type { AttributeValue } from './attributes.ts'
import type { SpanId, TraceId } from './ids.ts'
import type { Micros } from './micros.ts'
import type { Endpoint, SpanKind, StatusCode } from './span.ts'

/** Whose attribute it is: the newest of its kind that was started. */
export type AttributeOwner = 'resource' | 'scope' | 'span' | 'event' | 'link'

/**
 * The way by which a decoder hands spans over, part by part, without making an object of each span:
 * an engine of columns writes the parts where they belong, an engine of objects collects them.
 *
 * Order: `resource` (then its attributes), spans without scope, then for each scope of the resource `scope` (then its
 * attributes) and spans. A span: `begin`, the parts in any order, `end`. A scope holds until the next one or the next
 * `resource`.
 * A span counts only when it was ended; `begin` without `end`, or `discard`, leaves nothing behind.
 */
export interface SpanSink {
  /** Starts a resource without scope. `service` is empty where the source named none. */
  resource(service: string): void
  scope(name: string, version: string): void

  begin(traceId: TraceId, spanId: SpanId, parentId: SpanId | undefined): void
  name(name: string, kind: SpanKind): void
  /** Whole microseconds; 0 where the source gave none. */
  time(start: Micros, duration: Micros): void
  /** Nanoseconds beyond the microseconds of `time`, each 0 to 999. Not called where both are 0. */
  nanos(start: number, duration: number): void
  status(code: StatusCode, message: string): void
  traceState(text: string): void
  /** W3C's trace flags, and OTLP's bits above them. Not called where all are 0. */
  flags(bits: number): void
  /** Zipkin's two marks. Not called where neither is set. */
  marks(debug: boolean, shared: boolean): void
  local(endpoint: Endpoint): void
  remote(endpoint: Endpoint): void
  event(time: Micros, nanos: number, name: string): void
  link(traceId: TraceId, spanId: SpanId, traceState: string, flags: number): void
  attribute(owner: AttributeOwner, key: string, value: AttributeValue): void
  end(): void

  /** Throws the span that was begun away; the collector counts it under `reason`. */
  discard(reason: string): void
}
