import type { SpanId, TraceId } from '../model/ids.ts'

/** How the context was written on the request. `w3c` ids are never shared by client and server, those of B3 are. */
export type ContextFormat = 'b3' | 'b3-single' | 'w3c'

/**
 * What a request says about the trace that it belongs to. Every field is always there, so that all contexts
 * have one shape.
 */
export interface TraceContext {
  /** Undefined: only a sampling decision came. */
  readonly traceId: TraceId | undefined
  /** The trace id came with 16 digits or fewer, and B3 goes on to print 16. */
  readonly shortId: boolean
  /** Undefined without trace id, and where only a trace id came. */
  readonly spanId: SpanId | undefined
  /** Only B3 says it. Undefined without span id. */
  readonly parentId: SpanId | undefined
  /** Undefined: nobody has decided yet. */
  readonly sampled: boolean | undefined
  /** B3: sampled, and reported as debug. */
  readonly debug: boolean
  /** W3C level 2: the right half of the trace id is random. */
  readonly random: boolean
  readonly format: ContextFormat
  /** As it came; empty where none came, or it was not valid. */
  readonly traceState: string
}

/** Values of the trace headers of one request; empty: the header is absent. Made to be filled again and again. */
export interface TraceHeaders {
  b3TraceId: string
  b3SpanId: string
  b3ParentSpanId: string
  b3Sampled: string
  b3Flags: string
  b3: string
  traceparent: string
  /** Several headers of this name are one value, joined with commas. */
  tracestate: string
}

/** In lower case. Injection replaces these. */
export const TRACE_HEADER_NAMES: readonly string[] = [
  'x-b3-traceid',
  'x-b3-spanid',
  'x-b3-parentspanid',
  'x-b3-sampled',
  'x-b3-flags',
  'b3',
  'traceparent',
  'tracestate',
]

/** Takes one trace header, `name` in lower case. Of B3's the first of a name counts, of W3C's all are one value. */
export function takeTraceHeader(headers: TraceHeaders, name: string, value: string): void {
  if (name === 'x-b3-traceid') headers.b3TraceId ||= value
  else if (name === 'x-b3-spanid') headers.b3SpanId ||= value
  else if (name === 'x-b3-parentspanid') headers.b3ParentSpanId ||= value
  else if (name === 'x-b3-sampled') headers.b3Sampled ||= value
  else if (name === 'x-b3-flags') headers.b3Flags ||= value
  else if (name === 'b3') headers.b3 ||= value
  // Joined with a comma, two of them are not valid, as W3C wants it.
  else if (name === 'traceparent') headers.traceparent = joined(headers.traceparent, value)
  else if (name === 'tracestate') headers.tracestate = joined(headers.tracestate, value)
}

function joined(before: string, value: string): string {
  return before === '' ? value : `${before},${value}`
}

export function noTraceHeaders(): TraceHeaders {
  return {
    b3TraceId: '',
    b3SpanId: '',
    b3ParentSpanId: '',
    b3Sampled: '',
    b3Flags: '',
    b3: '',
    traceparent: '',
    tracestate: '',
  }
}

export function clearTraceHeaders(headers: TraceHeaders): void {
  headers.b3TraceId = ''
  headers.b3SpanId = ''
  headers.b3ParentSpanId = ''
  headers.b3Sampled = ''
  headers.b3Flags = ''
  headers.b3 = ''
  headers.traceparent = ''
  headers.tracestate = ''
}
