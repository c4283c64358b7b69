import type { TraceId } from './ids.ts'
import type { Span } from './span.ts'

/** All spans known of one trace. The array is the caller's own. */
export interface Trace {
  readonly traceId: TraceId
  readonly spans: readonly Span[]
}

/** How often `parent` called `child` in a range of time. */
export interface DependencyLink {
  readonly parent: string
  readonly child: string
  readonly callCount: number
  readonly errorCount: number
}

/** What adjusters have to say about a span, by the span object itself; a span without warnings is absent. */
export type SpanWarnings = ReadonlyMap<Span, readonly string[]>

/** A trace on its way through the adjusters, ready to be shown. */
export interface AdjustedTrace extends Trace {
  readonly warnings: SpanWarnings
}
