import type { SpanId, TraceId } from '../../model/ids.ts'
import type { SpanSink } from '../../model/span-sink.ts'
import { OUT_OF_RANGE } from '../decode-outcome.ts'
import {
  BAD_PARENT_ID,
  BAD_SPAN_ID,
  BAD_TRACE_ID,
  codeOf,
  kindOf,
  NO_SPAN_ID,
  NO_TRACE_ID,
} from './otlp-names.ts'
import { isExact, microsOf, type SplitTime, splitDuration, splitNanos } from './otlp-time.ts'
import type { ProtoCursor } from './proto-cursor.ts'
import { ProtoIds } from './proto-id.ts'
import { type ProtoSource, pushAttribute, readText } from './proto-value.ts'

/** Fields of `Span` in trace.proto. */
const ATTRIBUTE = 74
const EVENT = 90
const LINK = 106

const NOWHERE = -1

/**
 * Reads one span after the other, in two walks over its fields: a sink wants to know ids, name and times before the
 * attributes, and they may come in any order. The first walk steps over what the second one reads.
 */
export class ProtoSpans {
  readonly #source: ProtoSource
  readonly #cursor: ProtoCursor
  readonly #sink: SpanSink
  readonly #ids = new ProtoIds()
  readonly #start: SplitTime = { micros: 0, nanos: 0 }
  readonly #end: SplitTime = { micros: 0, nanos: 0 }
  readonly #duration: SplitTime = { micros: 0, nanos: 0 }
  #traceId: TraceId | undefined
  #spanId: SpanId | undefined
  #parentId: SpanId | undefined
  #isParentBad = false
  #name = ''
  #traceState = ''
  #kind = 0
  #flags = 0
  #code = 0
  #message = ''
  /** Where the first attribute, event or link is. */
  #parts = NOWHERE

  constructor(source: ProtoSource, sink: SpanSink) {
    this.#source = source
    this.#cursor = source.cursor
    this.#sink = sink
  }

  /** A span that begins here goes into the sink; the answer is why it could not. */
  push(): string | undefined {
    const cursor = this.#cursor
    const outer = cursor.enter()
    this.#forget()
    for (let at = cursor.at, field = cursor.field(); field !== 0; at = cursor.at, field = cursor.field()) {
      this.#readField(field, at)
    }
    const problem = this.#problem() ?? this.#tell()
    cursor.leave(outer)
    return problem
  }

  #forget(): void {
    this.#traceId = undefined
    this.#spanId = undefined
    this.#parentId = undefined
    this.#isParentBad = false
    this.#name = ''
    this.#traceState = ''
    this.#kind = 0
    this.#flags = 0
    this.#code = 0
    this.#message = ''
    this.#parts = NOWHERE
    for (const time of [this.#start, this.#end]) time.micros = time.nanos = 0
  }

  #readField(field: number, at: number): void {
    const cursor = this.#cursor
    switch (field) {
      case 10:
        this.#traceId = this.#ids.trace(cursor)
        return
      case 18:
        this.#spanId = this.#ids.span(cursor)
        return
      case 26:
        this.#traceState = readText(this.#source)
        return
      case 34:
        this.#readParent()
        return
      case 42:
        this.#name = readText(this.#source)
        return
      case 48:
        this.#kind = cursor.enumeration()
        return
      case 57:
        readTime(cursor, this.#start)
        return
      case 65:
        readTime(cursor, this.#end)
        return
      case 122:
        this.#readStatus()
        return
      case 133:
        this.#flags = cursor.fixed32()
        return
      case ATTRIBUTE:
      case EVENT:
      case LINK:
        if (this.#parts === NOWHERE) this.#parts = at
        cursor.skip(field)
        return
      default:
        cursor.skip(field)
    }
  }

  /** Nothing and zeros are no parent. */
  #readParent(): void {
    this.#parentId = this.#ids.span(this.#cursor)
    this.#isParentBad = this.#ids.size !== 0 && this.#ids.size !== 8
  }

  #readStatus(): void {
    const cursor = this.#cursor
    const outer = cursor.enter()
    for (let field = cursor.field(); field !== 0; field = cursor.field()) {
      if (field === 18) this.#message = readText(this.#source)
      else if (field === 24) this.#code = cursor.enumeration()
      else cursor.skip(field)
    }
    cursor.leave(outer)
  }

  #problem(): string | undefined {
    if (this.#traceId === undefined) return BAD_TRACE_ID
    if (this.#spanId === undefined) return BAD_SPAN_ID
    if (this.#isParentBad) return BAD_PARENT_ID
    return isExact(this.#start) && isExact(this.#end) ? undefined : OUT_OF_RANGE
  }

  #tell(): string | undefined {
    const sink = this.#sink
    splitDuration(this.#start, this.#end, this.#duration)
    sink.begin(this.#traceId ?? NO_TRACE_ID, this.#spanId ?? NO_SPAN_ID, this.#parentId)
    sink.name(this.#name, kindOf(this.#kind))
    sink.time(microsOf(this.#start), microsOf(this.#duration))
    if (this.#start.nanos > 0 || this.#duration.nanos > 0) sink.nanos(this.#start.nanos, this.#duration.nanos)
    const code = codeOf(this.#code)
    if (code !== 'unset' || this.#message !== '') sink.status(code, this.#message)
    if (this.#traceState !== '') sink.traceState(this.#traceState)
    if (this.#flags !== 0) sink.flags(this.#flags)
    const problem = this.#parts === NOWHERE ? undefined : this.#tellParts()
    if (problem === undefined) sink.end()
    else sink.discard(problem)
    return problem
  }

  #tellParts(): string | undefined {
    const cursor = this.#cursor
    cursor.at = this.#parts
    for (let field = cursor.field(); field !== 0; field = cursor.field()) {
      if (field === ATTRIBUTE) pushAttribute(this.#source, 'span', this.#sink)
      else if (field === EVENT) {
        if (!this.#tellEvent()) return OUT_OF_RANGE
      } else if (field === LINK) this.#tellLink()
      else cursor.skip(field)
    }
    return undefined
  }

  /** False: it has a time that cannot be said. */
  #tellEvent(): boolean {
    const cursor = this.#cursor
    const outer = cursor.enter()
    const time = this.#end
    time.micros = time.nanos = 0
    let name = ''
    let attributes = NOWHERE
    for (let at = cursor.at, field = cursor.field(); field !== 0; at = cursor.at, field = cursor.field()) {
      if (field === 9) readTime(cursor, time)
      else if (field === 18) name = readText(this.#source)
      else {
        if (field === 26 && attributes === NOWHERE) attributes = at
        cursor.skip(field)
      }
    }
    const exact = isExact(time)
    if (exact) {
      this.#sink.event(microsOf(time), time.nanos, name)
      if (attributes !== NOWHERE) this.#tellAttributes('event', 26, attributes)
    }
    cursor.leave(outer)
    return exact
  }

  #tellLink(): void {
    const cursor = this.#cursor
    const outer = cursor.enter()
    let traceId = NO_TRACE_ID
    let spanId = NO_SPAN_ID
    let traceState = ''
    let flags = 0
    let attributes = NOWHERE
    for (let at = cursor.at, field = cursor.field(); field !== 0; at = cursor.at, field = cursor.field()) {
      if (field === 10) traceId = this.#ids.trace(cursor) ?? NO_TRACE_ID
      else if (field === 18) spanId = this.#ids.span(cursor) ?? NO_SPAN_ID
      else if (field === 26) traceState = readText(this.#source)
      else if (field === 53) flags = cursor.fixed32()
      else {
        if (field === 34 && attributes === NOWHERE) attributes = at
        cursor.skip(field)
      }
    }
    this.#sink.link(traceId, spanId, traceState, flags)
    if (attributes !== NOWHERE) this.#tellAttributes('link', 34, attributes)
    cursor.leave(outer)
  }

  #tellAttributes(owner: 'event' | 'link', wanted: number, from: number): void {
    const cursor = this.#cursor
    cursor.at = from
    for (let field = cursor.field(); field !== 0; field = cursor.field()) {
      if (field === wanted) pushAttribute(this.#source, owner, this.#sink)
      else cursor.skip(field)
    }
  }
}

function readTime(cursor: ProtoCursor, into: SplitTime): void {
  cursor.fixed64()
  splitNanos(cursor.high, cursor.low, into)
}
