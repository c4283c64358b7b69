import { b3Headers, b3SingleValue, b3TraceId, extractB3 } from './b3.ts'
import type { TraceContext, TraceHeaders } from './trace-context.ts'
import { parseTraceparent, traceparentHeader, traceparentValue } from './traceparent.ts'
import { isTraceState } from './tracestate.ts'

/**
 * The context of a request, from B3 and W3C Trace Context together; undefined where the headers say nothing.
 *
 * Where both are there, the question is which of them the app has advanced. The inbound sidecar hands every
 * request to the app with the SAME trace and span id in both. So, on the app's own request:
 * - same ids: the app copied what it got. B3 is taken, because it also knows the parent and the debug mark.
 * - same trace, other span: the app has tracing of its own that speaks W3C and made a span in between; the B3
 *   is a copy. traceparent is taken, with B3's length of trace id and debug mark.
 * - same trace, and the span of traceparent is the parent that B3 names: it is B3 that was advanced, by tracing that
 *   speaks B3, and traceparent is the copy. B3 is taken.
 * - other trace: the app has begun a trace of its own; traceparent is taken.
 * A B3 decision without ids does not compete: it overrides the decision in traceparent.
 * tracestate belongs to traceparent and goes with it, also where B3 is taken for the same trace.
 */
export function extractContext(headers: TraceHeaders): TraceContext | undefined {
  const b3 = extractB3(headers)
  if (headers.traceparent === '') return b3
  const w3c = parseTraceparent(headers.traceparent)
  if (w3c === undefined) return b3
  const traceState = headers.tracestate !== '' && isTraceState(headers.tracestate) ? headers.tracestate : ''
  if (b3 === undefined) return traceState === '' ? w3c : { ...w3c, traceState }
  return merge(b3, w3c, traceState)
}

function merge(b3: TraceContext, w3c: TraceContext, traceState: string): TraceContext {
  if (b3.traceId === undefined) return { ...w3c, sampled: b3.sampled, debug: b3.debug, traceState }
  if (b3.traceId !== w3c.traceId) return { ...w3c, traceState }
  if (b3.spanId === w3c.spanId || b3.parentId === w3c.spanId) {
    return { ...b3, sampled: b3.sampled ?? w3c.sampled, random: w3c.random, traceState }
  }
  const { shortId, debug } = b3
  return { ...w3c, shortId, sampled: debug ? true : w3c.sampled, debug, traceState }
}

/**
 * All trace headers of a request as lines, each ended, to be put in the place of those that came
 * (`TRACE_HEADER_NAMES`): multi-header B3 and traceparent always, tracestate where one came, and the single
 * B3 header where the context came by it.
 */
export function traceHeaderLines(context: TraceContext): string {
  let lines = b3Headers(context) + traceparentHeader(context)
  if (context.traceState !== '') lines += `tracestate: ${context.traceState}\r\n`
  const single = context.format === 'b3-single' ? b3SingleValue(context) : ''
  return single === '' ? lines : `${lines}b3: ${single}\r\n`
}

/** The same headers one by one, for HTTP/2. */
export function eachTraceHeader(context: TraceContext, write: (name: string, value: string) => void): void {
  const { traceId, spanId, parentId, sampled, debug } = context
  if (traceId !== undefined) write('x-b3-traceid', b3TraceId(traceId, context.shortId))
  if (spanId !== undefined) write('x-b3-spanid', spanId)
  if (parentId !== undefined) write('x-b3-parentspanid', parentId)
  if (debug) write('x-b3-flags', '1')
  else if (sampled !== undefined) write('x-b3-sampled', sampled ? '1' : '0')
  const traceparent = traceparentValue(context)
  if (traceparent !== '') write('traceparent', traceparent)
  if (context.traceState !== '') write('tracestate', context.traceState)
  const single = context.format === 'b3-single' ? b3SingleValue(context) : ''
  if (single !== '') write('b3', single)
}
