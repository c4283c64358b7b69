import type { SpanId, TraceId } from '../../model/ids.ts'
import type { AttributeOwner, SpanSink } from '../../model/span-sink.ts'
import { OUT_OF_RANGE } from '../decode-outcome.ts'
import { hexForm, readSpanId, readTraceId } from '../hex.ts'
import { readJsonValue } from './json-value.ts'
import type { JsonFields, JsonWalk } from './json-walk.ts'
import {
  BAD_PARENT_ID,
  BAD_SPAN_ID,
  BAD_TRACE_ID,
  codeOf,
  kindOf,
  NO_SPAN_ID,
  NO_TRACE_ID,
  SERVICE_NAME,
} from './otlp-names.ts'
import { isExact, microsOf, type SplitTime, splitDuration } from './otlp-time.ts'

const KINDS = ['UNSPECIFIED', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'] as const
const CODES = ['UNSET', 'OK', 'ERROR'] as const

/** Tells a sink of spans in OTLP's JSON. */
export class JsonSpans {
  readonly #walk: JsonWalk
  readonly #sink: SpanSink
  readonly #start: SplitTime = { micros: 0, nanos: 0 }
  readonly #end: SplitTime = { micros: 0, nanos: 0 }

  constructor(walk: JsonWalk, sink: SpanSink) {
    this.#walk = walk
    this.#sink = sink
  }

  /** `service`: the name that the resource was given already. */
  attributes(owner: AttributeOwner, of: JsonFields, service = ''): void {
    const walk = this.#walk
    walk.each(of, 'attributes', item => {
      const key = walk.text(item, 'key')
      const value = walk.within(item, 'value', any => readJsonValue(walk, any))
      if (service === '' || key !== SERVICE_NAME || value !== service) this.#sink.attribute(owner, key, value)
    })
  }

  /** The answer is why the span could not be kept. */
  push(span: JsonFields): string | undefined {
    const walk = this.#walk
    const traceId = readTrace(walk.text(span, 'traceId'))
    const spanId = readSpan(walk.text(span, 'spanId'))
    const parentText = walk.text(span, 'parentSpanId')
    const parentId = readSpan(parentText)
    walk.time(span, 'startTimeUnixNano', this.#start)
    walk.time(span, 'endTimeUnixNano', this.#end)
    if (traceId === undefined) return BAD_TRACE_ID
    if (spanId === undefined) return BAD_SPAN_ID
    if (parentId === undefined && !isNone(parentText)) return BAD_PARENT_ID
    if (!isExact(this.#start) || !isExact(this.#end)) return OUT_OF_RANGE
    this.#sink.begin(traceId, spanId, parentId)
    this.#tellFacts(span)
    this.attributes('span', span)
    const problem = this.#tellEvents(span)
    this.#tellLinks(span)
    if (problem === undefined) this.#sink.end()
    else this.#sink.discard(problem)
    return problem
  }

  #tellFacts(span: JsonFields): void {
    const walk = this.#walk
    const sink = this.#sink
    const start = this.#start
    const duration = this.#end
    splitDuration(start, this.#end, duration)
    sink.name(walk.text(span, 'name'), kindOf(walk.enumeration(span, 'kind', 'SPAN_KIND_', KINDS)))
    sink.time(microsOf(start), microsOf(duration))
    if (start.nanos > 0 || duration.nanos > 0) sink.nanos(start.nanos, duration.nanos)
    walk.within(span, 'status', status => {
      const code = codeOf(walk.enumeration(status, 'code', 'STATUS_CODE_', CODES))
      const message = walk.text(status, 'message')
      if (code !== 'unset' || message !== '') sink.status(code, message)
    })
    const traceState = walk.text(span, 'traceState')
    if (traceState !== '') sink.traceState(traceState)
    const flags = walk.uint32(span, 'flags')
    if (flags !== 0) sink.flags(flags)
  }

  #tellEvents(span: JsonFields): string | undefined {
    const time = this.#start
    let problem: string | undefined
    this.#walk.each(span, 'events', event => {
      this.#walk.time(event, 'timeUnixNano', time)
      if (!isExact(time)) problem = OUT_OF_RANGE
      this.#sink.event(microsOf(time), time.nanos, this.#walk.text(event, 'name'))
      this.attributes('event', event)
    })
    return problem
  }

  #tellLinks(span: JsonFields): void {
    this.#walk.each(span, 'links', link => {
      const traceId = readTrace(this.#walk.text(link, 'traceId')) ?? NO_TRACE_ID
      const spanId = readSpan(this.#walk.text(link, 'spanId')) ?? NO_SPAN_ID
      const flags = this.#walk.uint32(link, 'flags')
      this.#sink.link(traceId, spanId, this.#walk.text(link, 'traceState'), flags)
      this.attributes('link', link)
    })
  }
}

function readTrace(text: string): TraceId | undefined {
  return text.length === 32 ? readTraceId(text) : undefined
}

function readSpan(text: string): SpanId | undefined {
  return text.length === 16 ? readSpanId(text) : undefined
}

/** Nothing and zeros are no parent. */
function isNone(text: string): boolean {
  return text === '' || (text.length === 16 && hexForm(text, 0, 16) === 'zero')
}
