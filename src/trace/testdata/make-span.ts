import type { Attributes } from '../../model/attributes.ts'
import type { SpanId, TraceId } from '../../model/ids.ts'
import type { Micros } from '../../model/micros.ts'
import type { Endpoint, Resource, Span, SpanEvent, SpanKind, SpanLink } from '../../model/span.ts'

export const TRACE_ID: TraceId = '00000000000000000000000000000abc' as TraceId

/** A span in few words, for tests. Ids are small numbers. */
export interface SpanSketch {
  readonly id: number
  readonly parent?: number
  readonly service?: string
  readonly name?: string
  readonly kind?: SpanKind
  readonly start?: number
  readonly duration?: number
  readonly failed?: boolean
  readonly attributes?: Attributes
  readonly events?: readonly SpanEvent[]
  readonly links?: readonly SpanLink[]
  readonly resource?: Resource
  readonly local?: Endpoint
  readonly remote?: Endpoint
}

export function makeSpan(sketch: SpanSketch): Span {
  const { id, parent, service = 's', name = '', kind = 'unspecified', start = 1, duration = 1 } = sketch
  return {
    traceId: TRACE_ID,
    spanId: spanId(id),
    ...(parent === undefined ? {} : { parentId: spanId(parent) }),
    name,
    kind,
    start: start as Micros,
    duration: duration as Micros,
    status: { code: sketch.failed === true ? 'error' : 'unset' },
    attributes: sketch.attributes ?? [],
    events: sketch.events ?? [],
    links: sketch.links ?? [],
    resource: sketch.resource ?? { service, attributes: [] },
    ...(sketch.local === undefined ? {} : { local: sketch.local }),
    ...(sketch.remote === undefined ? {} : { remote: sketch.remote }),
  }
}

export function spanId(value: number): SpanId {
  return value.toString(16).padStart(16, '0') as SpanId
}

/** Each span the child of the one before, the last one first in the list. */
export function makeChain(length: number): Span[] {
  return Array.from({ length }, (_, at) => {
    const id = length - at
    return makeSpan({ id, service: `s${id % 2}`, start: id, ...(id === 1 ? {} : { parent: id - 1 }) })
  })
}
