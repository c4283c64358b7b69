import type { Attribute, AttributeValue } from '../model/attributes.ts'
import type { SpanId, TraceId } from '../model/ids.ts'
import type { Micros } from '../model/micros.ts'
import { ZERO_MICROS } from '../model/micros.ts'
import type {
  Endpoint,
  Resource,
  Scope,
  Span,
  SpanEvent,
  SpanKind,
  SpanLink,
  SpanStatus,
  StatusCode,
} from '../model/span.ts'
import type { AttributeOwner, SpanSink } from '../model/span-sink.ts'

export interface SpanCollection {
  readonly sink: SpanSink
  /** Grows with every span that is ended; a span that is in it never changes. */
  readonly spans: readonly Span[]
}

/** A sink that makes objects. Spans of one resource share its object, and so do spans of one scope. */
export function collectSpans(): SpanCollection {
  const spans: Span[] = []
  return { sink: new SpanCollector(spans), spans }
}

type Writable<Shape> = { -readonly [Field in keyof Shape]: Shape[Field] }

/** Something that gets its attributes one by one; `list` is made with the first. */
interface Owner {
  readonly of: { attributes: readonly Attribute[] }
  list: Attribute[] | undefined
}

/** Shared by all that have none. */
const NONE: readonly never[] = []
const UNSET: SpanStatus = { code: 'unset' }

class SpanCollector implements SpanSink {
  readonly #spans: Span[]
  #resource: Writable<Resource> = { service: '', attributes: NONE }
  #scope: Writable<Scope> | undefined
  #span: Writable<Span> | undefined
  #attributes: Attribute[] | undefined
  #events: SpanEvent[] | undefined
  #links: SpanLink[] | undefined
  /** All but the span, which gets nearly all attributes and has a way of its own. */
  readonly #owners: Map<AttributeOwner, Owner> = new Map()

  constructor(spans: Span[]) {
    this.#spans = spans
  }

  resource(service: string): void {
    this.#resource = { service, attributes: NONE }
    this.#scope = undefined
    this.#own('resource', this.#resource)
  }

  scope(name: string, version: string): void {
    this.#scope = { name, version, attributes: NONE }
    this.#own('scope', this.#scope)
  }

  begin(traceId: TraceId, spanId: SpanId, parentId: SpanId | undefined): void {
    const span: Writable<Span> = {
      traceId,
      spanId,
      name: '',
      kind: 'unspecified',
      start: ZERO_MICROS,
      duration: ZERO_MICROS,
      status: UNSET,
      attributes: NONE,
      events: NONE,
      links: NONE,
      resource: this.#resource,
    }
    if (parentId !== undefined) span.parentId = parentId
    if (this.#scope !== undefined) span.scope = this.#scope
    this.#span = span
    this.#attributes = undefined
    this.#events = undefined
    this.#links = undefined
  }

  name(name: string, kind: SpanKind): void {
    const span = this.#begun()
    span.name = name
    span.kind = kind
  }

  time(start: Micros, duration: Micros): void {
    const span = this.#begun()
    span.start = start
    span.duration = duration
  }

  nanos(start: number, duration: number): void {
    const span = this.#begun()
    if (start > 0) span.startNanos = start
    if (duration > 0) span.durationNanos = duration
  }

  status(code: StatusCode, message: string): void {
    this.#begun().status = message === '' ? { code } : { code, message }
  }

  traceState(text: string): void {
    if (text !== '') this.#begun().traceState = text
  }

  flags(bits: number): void {
    if (bits !== 0) this.#begun().flags = bits
  }

  marks(debug: boolean, shared: boolean): void {
    const span = this.#begun()
    if (debug) span.debug = true
    if (shared) span.shared = true
  }

  local(endpoint: Endpoint): void {
    this.#begun().local = endpoint
  }

  remote(endpoint: Endpoint): void {
    this.#begun().remote = endpoint
  }

  event(time: Micros, nanos: number, name: string): void {
    const event: Writable<SpanEvent> = { time, name, attributes: NONE }
    if (nanos > 0) event.nanos = nanos
    if (this.#events === undefined) this.#begun().events = this.#events = [event]
    else this.#events.push(event)
    this.#own('event', event)
  }

  link(traceId: TraceId, spanId: SpanId, traceState: string, flags: number): void {
    const link: Writable<SpanLink> = { traceId, spanId, attributes: NONE }
    if (traceState !== '') link.traceState = traceState
    if (flags !== 0) link.flags = flags
    if (this.#links === undefined) this.#begun().links = this.#links = [link]
    else this.#links.push(link)
    this.#own('link', link)
  }

  attribute(owner: AttributeOwner, key: string, value: AttributeValue): void {
    if (owner === 'span') {
      if (this.#attributes === undefined) this.#begun().attributes = this.#attributes = [{ key, value }]
      else this.#attributes.push({ key, value })
      return
    }
    const owned = this.#owners.get(owner)
    if (owned === undefined) throw new Error(`An attribute came before its ${owner}.`)
    if (owned.list === undefined) owned.of.attributes = owned.list = [{ key, value }]
    else owned.list.push({ key, value })
  }

  end(): void {
    this.#spans.push(this.#begun())
    this.#span = undefined
  }

  discard(_reason: string): void {
    this.#span = undefined
  }

  #begun(): Writable<Span> {
    if (this.#span === undefined) throw new Error('A part of a span came before its begin.')
    return this.#span
  }

  #own(owner: AttributeOwner, of: { attributes: readonly Attribute[] }): void {
    this.#owners.set(owner, { of, list: undefined })
  }
}
