import type { SpanId } from '../model/ids.ts'
import type { Span } from '../model/span.ts'

/** The ids that more than one of the spans has. */
export function repeatedSpanIds(spans: readonly Span[]): ReadonlySet<SpanId> {
  const once = new Set<SpanId>()
  const repeated = new Set<SpanId>()
  for (const { spanId } of spans) {
    if (once.has(spanId)) repeated.add(spanId)
    else once.add(spanId)
  }
  return repeated
}
