import type { SpanId } from '../../model/ids.ts'
import type { Span } from '../../model/span.ts'
import { type Adjust, replaceSpans } from './adjust.ts'

/** The server halves of one shared id under their new ids. */
interface ServerHalves {
  readonly byService: Map<string, SpanId>
  last: SpanId
}

/**
 * Gives the server half of a span that Zipkin's client and server share an id of its own, and makes it the child
 * of the client half. Spans below the shared id go below the server half: of their own service if there is
 * one, else the last. New ids are 1, 2, 3 and so on, as far as the trace does not use them.
 */
export const splitSharedSpanIds: Adjust = trace => {
  const clientIds = new Set<SpanId>()
  for (const span of trace.spans) if (span.kind === 'client') clientIds.add(span.spanId)
  const isServerHalf = (span: Span): boolean => span.kind === 'server' && clientIds.has(span.spanId)
  if (!trace.spans.some(isServerHalf)) return trace

  const nextId = unusedIds(trace.spans)
  const halves = new Map<SpanId, ServerHalves>()
  const split = new Map<Span, Span>()
  for (const span of trace.spans) {
    if (!isServerHalf(span) || split.has(span)) continue
    const spanId = nextId()
    remember(halves, span, spanId)
    split.set(span, { ...span, spanId, parentId: span.spanId })
  }
  return replaceSpans(trace, span => split.get(span) ?? belowServer(span, halves))
}

function unusedIds(spans: readonly Span[]): () => SpanId {
  const used = new Set<string>(spans.map(span => span.spanId))
  let last = 0
  return () => {
    let id: string
    do id = (++last).toString(16).padStart(16, '0')
    while (used.has(id))
    return id as SpanId
  }
}

function remember(halves: Map<SpanId, ServerHalves>, span: Span, newId: SpanId): void {
  const known = halves.get(span.spanId)
  const { service } = span.resource
  if (known === undefined) {
    halves.set(span.spanId, { byService: new Map([[service, newId]]), last: newId })
  } else {
    known.byService.set(service, newId)
    known.last = newId
  }
}

function belowServer(span: Span, halves: ReadonlyMap<SpanId, ServerHalves>): Span {
  const servers = span.parentId === undefined ? undefined : halves.get(span.parentId)
  if (servers === undefined) return span
  return { ...span, parentId: servers.byService.get(span.resource.service) ?? servers.last }
}
