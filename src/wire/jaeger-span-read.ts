import type { SpanId, TraceId } from '../model/ids.ts'
import { micros } from '../model/micros.ts'
import type { Resource, Span, SpanEvent, SpanLink } from '../model/span.ts'
import { readSpanId, readTraceId } from './hex.ts'
import { readKeyValue } from './jaeger-key-values.ts'
import type { JaegerLog, JaegerReference, JaegerSpan } from './jaeger-shapes.ts'
import { readSpanTags } from './jaeger-span-tags.ts'

const DEBUG = 2

/** Undefined where an id of the span is none. */
export function readJaegerSpan(json: JaegerSpan, resource: Resource): Span | undefined {
  const traceId = readTraceId(json.traceID)
  const spanId = readSpanId(json.spanID)
  if (traceId === undefined || spanId === undefined) return undefined
  const { parentId, links } = readReferences(json.references, traceId)
  return {
    traceId,
    spanId,
    ...(parentId === undefined ? {} : { parentId }),
    name: json.operationName,
    start: micros(json.startTime),
    duration: micros(json.duration),
    ...readSpanTags(json.tags),
    events: json.logs.map(readLog),
    links,
    resource,
    ...(((json.flags ?? 0) & DEBUG) === 0 ? {} : { debug: true }),
  }
}

interface References {
  readonly parentId: SpanId | undefined
  readonly links: readonly SpanLink[]
}

/** The first CHILD_OF within the trace is the parent, all else are links. */
function readReferences(references: readonly JaegerReference[], own: TraceId): References {
  let parentId: SpanId | undefined
  const links: SpanLink[] = []
  for (const { refType, traceID, spanID } of references) {
    const traceId = readTraceId(traceID)
    const spanId = readSpanId(spanID)
    if (traceId === undefined || spanId === undefined) continue
    const isChild = refType === 'CHILD_OF'
    if (isChild && parentId === undefined && traceId === own) parentId = spanId
    else {
      const attributes = isChild ? [{ key: 'opentracing.ref_type', value: 'child_of' }] : []
      links.push({ traceId, spanId, attributes })
    }
  }
  return { parentId, links }
}

/** The first field `event` that is text names the event. */
function readLog({ timestamp, fields }: JaegerLog): SpanEvent {
  const named = fields.findIndex(({ key, type }) => key === 'event' && type === 'string')
  const rest = named < 0 ? fields : fields.filter((_, at) => at !== named)
  return {
    time: micros(timestamp),
    name: named < 0 ? '' : String(fields[named]?.value),
    attributes: rest.map(readKeyValue),
  }
}
