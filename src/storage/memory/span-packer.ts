import type { Attribute, Attributes, AttributeValue } from '../../model/attributes.ts'
import type { TraceId } from '../../model/ids.ts'
import type { Endpoint, Resource, Span, SpanEvent } from '../../model/span.ts'
import { AttributePool } from './attribute-pool.ts'
import { type TextPool, textBytes } from './text-pool.ts'

/**
 * What the parts of a span take in V8's heap on a 64-bit machine without pointer compression, over the texts
 * that they alone hold. Held against the heap of a running store by `bench/ingest/bytes.ts`.
 */
const SPAN_BYTES = 320
const ATTRIBUTE_BYTES = 48
const SLOT_BYTES = 8
const EVENT_BYTES = 120
const LINK_BYTES = 120
const ENDPOINT_BYTES = 64
const STATUS_BYTES = 40
const VALUE_BYTES = 24

const NO_ATTRIBUTES: Attributes = []
const MOST_RESOURCES = 4096

export interface PackedSpan {
  readonly span: Span
  /** The estimate of what it takes. */
  readonly bytes: number
}

/**
 * Makes of a decoded span an equal one that shares what it can with those before: service, name, attributes,
 * addresses. What was decoded is thrown away while it is young, which costs the collector of garbage nothing.
 */
export class SpanPacker {
  readonly #texts: TextPool
  readonly #attributes = new AttributePool()
  readonly #resources: Map<string, Resource> = new Map()
  #bytes = 0

  constructor(texts: TextPool) {
    this.#texts = texts
  }

  /** `traceId` is the id of the span, as the trace has it. */
  pack(span: Span, traceId: TraceId): PackedSpan {
    const before = this.#texts.newBytes
    this.#bytes = SPAN_BYTES + span.links.length * LINK_BYTES
    if (span.status.code !== 'unset') this.#bytes += STATUS_BYTES
    const packed: Span = {
      ...span,
      traceId,
      name: this.#texts.share(span.name),
      attributes: this.#packAttributes(span.attributes),
      events: span.events.length === 0 ? span.events : span.events.map(event => this.#packEvent(event)),
      resource: this.#packResource(span.resource),
      ...this.#packEndpoints(span),
    }
    return { span: packed, bytes: this.#bytes + this.#texts.newBytes - before }
  }

  #packAttributes(attributes: Attributes): Attributes {
    if (attributes.length === 0) return NO_ATTRIBUTES
    this.#bytes += attributes.length * SLOT_BYTES
    return attributes.map(attribute => this.#packAttribute(attribute))
  }

  #packAttribute(attribute: Attribute): Attribute {
    const shared = this.#attributes.share(attribute)
    if (shared === attribute) this.#bytes += ATTRIBUTE_BYTES + valueBytes(attribute.value)
    return shared
  }

  #packEvent(event: SpanEvent): SpanEvent {
    this.#bytes += EVENT_BYTES
    return {
      ...event,
      name: this.#texts.share(event.name),
      attributes: this.#packAttributes(event.attributes),
    }
  }

  /** Resources with attributes stay as they are: the decoder gives one object to all spans of a batch. */
  #packResource(resource: Resource): Resource {
    if (resource.attributes.length > 0) return resource
    const known = this.#resources.get(resource.service)
    if (known !== undefined) return known
    if (this.#resources.size >= MOST_RESOURCES) this.#resources.clear()
    this.#resources.set(resource.service, resource)
    return resource
  }

  #packEndpoints({ local, remote }: Span): Pick<Span, 'local' | 'remote'> {
    const packed: { local?: Endpoint; remote?: Endpoint } = {}
    if (local !== undefined) packed.local = this.#packEndpoint(local)
    if (remote !== undefined) packed.remote = this.#packEndpoint(remote)
    return packed
  }

  #packEndpoint(endpoint: Endpoint): Endpoint {
    this.#bytes += ENDPOINT_BYTES
    const { service, ipv4, ipv6 } = endpoint
    return {
      ...endpoint,
      ...(service === undefined ? {} : { service: this.#texts.share(service) }),
      ...(ipv4 === undefined ? {} : { ipv4: this.#texts.share(ipv4) }),
      ...(ipv6 === undefined ? {} : { ipv6: this.#texts.share(ipv6) }),
    }
  }
}

function valueBytes(value: AttributeValue): number {
  if (typeof value === 'string') return textBytes(value)
  if (typeof value !== 'object') return VALUE_BYTES
  if (value instanceof Uint8Array) return VALUE_BYTES + value.byteLength
  let bytes = VALUE_BYTES
  for (const part of value.values()) bytes += ATTRIBUTE_BYTES + valueBytes(part)
  return bytes
}
