import type { SpanId, TraceId } from '../model/ids.ts'
import { readSpanId, readTraceId } from './hex.ts'
import type { ContextFormat, TraceContext, TraceHeaders } from './trace-context.ts'

/**
 * Reads B3 (github.com/openzipkin/b3-propagation): the single header wins over the many. Kinder than the
 * specification: ids of 1 to 32 (16) digits and any case, `true` and `false` for a decision. An id that is
 * none counts as absent, and so does a span id without trace id. Undefined where nothing of use is said.
 */
export function extractB3(headers: TraceHeaders): TraceContext | undefined {
  if (headers.b3 !== '') {
    const context = parseB3Single(headers.b3)
    if (context !== undefined) return context
  }
  return extractB3Multi(headers)
}

function extractB3Multi(headers: TraceHeaders): TraceContext | undefined {
  const { b3TraceId, b3SpanId, b3ParentSpanId, b3Sampled } = headers
  const traceId = b3TraceId === '' ? undefined : readTraceId(b3TraceId)
  const debug = headers.b3Flags === '1' || b3Sampled === 'd'
  const sampled = debug ? true : decisionOf(b3Sampled)
  if (traceId === undefined) {
    return sampled === undefined ? undefined : b3Decision(sampled, debug, 'b3')
  }
  const spanId = b3SpanId === '' ? undefined : readSpanId(b3SpanId)
  const parentId = b3ParentSpanId === '' ? undefined : readSpanId(b3ParentSpanId)
  return b3Context({
    traceId,
    shortId: b3TraceId.length <= 16,
    spanId,
    parentId,
    sampled,
    debug,
    format: 'b3',
  })
}

/** Reads the single header: `0`, `1`, `d`, or `trace-span`, `trace-span-state`, `trace-span-state-parent`. */
export function parseB3Single(value: string): TraceContext | undefined {
  const firstDash = value.indexOf('-')
  if (firstDash < 0) return value.length === 1 ? b3SingleDecision(value) : undefined
  const secondDash = value.indexOf('-', firstDash + 1)
  const traceId = readTraceId(value.slice(0, firstDash))
  const spanId = readSpanId(value.slice(firstDash + 1, secondDash < 0 ? undefined : secondDash))
  if (traceId === undefined || spanId === undefined) return undefined
  const ids = { traceId, shortId: firstDash <= 16, spanId }
  if (secondDash < 0) {
    return b3Context({ ...ids, parentId: undefined, sampled: undefined, debug: false, format: 'b3-single' })
  }
  const thirdDash = value.indexOf('-', secondDash + 1)
  const state = b3SingleDecision(value.slice(secondDash + 1, thirdDash < 0 ? undefined : thirdDash))
  const parentId = thirdDash < 0 ? undefined : readSpanId(value.slice(thirdDash + 1))
  if (state === undefined || (thirdDash >= 0 && parentId === undefined)) return undefined
  return b3Context({ ...ids, parentId, sampled: state.sampled, debug: state.debug, format: 'b3-single' })
}

function b3SingleDecision(state: string): TraceContext | undefined {
  if (state === '1') return b3Decision(true, false, 'b3-single')
  if (state === '0') return b3Decision(false, false, 'b3-single')
  return state === 'd' ? b3Decision(true, true, 'b3-single') : undefined
}

function decisionOf(value: string): boolean | undefined {
  if (value === '1') return true
  if (value === '0') return false
  if (value.length !== 4 && value.length !== 5) return undefined
  const word = value.toLowerCase()
  if (word === 'true') return true
  return word === 'false' ? false : undefined
}

interface B3Parts {
  readonly traceId: TraceId | undefined
  readonly shortId: boolean
  readonly spanId: SpanId | undefined
  readonly parentId: SpanId | undefined
  readonly sampled: boolean | undefined
  readonly debug: boolean
  readonly format: ContextFormat
}

function b3Decision(sampled: boolean, debug: boolean, format: ContextFormat): TraceContext {
  return b3Context({
    traceId: undefined,
    shortId: false,
    spanId: undefined,
    parentId: undefined,
    sampled,
    debug,
    format,
  })
}

function b3Context(parts: B3Parts): TraceContext {
  const { traceId, shortId, spanId, sampled, debug, format } = parts
  const parentId = spanId === undefined || parts.parentId === spanId ? undefined : parts.parentId
  return { traceId, shortId, spanId, parentId, sampled, debug, random: false, format, traceState: '' }
}

/** The lines of multi-header B3, each ended. Debug implies the decision, which is then not said again. */
export function b3Headers(context: TraceContext): string {
  let lines = ''
  if (context.traceId !== undefined) {
    // Added up: a template asks the type of each part, on every request.
    lines += 'x-b3-traceid: '
    lines += b3TraceId(context.traceId, context.shortId)
    if (context.spanId !== undefined) {
      lines += '\r\nx-b3-spanid: '
      lines += context.spanId
    }
    if (context.parentId !== undefined) {
      lines += '\r\nx-b3-parentspanid: '
      lines += context.parentId
    }
    lines += '\r\n'
  }
  if (context.debug) lines += 'x-b3-flags: 1\r\n'
  else if (context.sampled !== undefined)
    lines += context.sampled ? 'x-b3-sampled: 1\r\n' : 'x-b3-sampled: 0\r\n'
  return lines
}

/** The value of the single header; empty where there is nothing to say. */
export function b3SingleValue(context: TraceContext): string {
  const state = stateOf(context)
  if (context.traceId === undefined || context.spanId === undefined) return state
  const ids = `${b3TraceId(context.traceId, context.shortId)}-${context.spanId}`
  if (state === '') return ids
  return context.parentId === undefined ? `${ids}-${state}` : `${ids}-${state}-${context.parentId}`
}

export function b3TraceId(id: TraceId, short: boolean): string {
  return short ? id.slice(16) : id
}

function stateOf(context: TraceContext): string {
  if (context.debug) return 'd'
  if (context.sampled === undefined) return ''
  return context.sampled ? '1' : '0'
}
