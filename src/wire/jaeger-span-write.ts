import { shortTraceId } from '../model/ids.ts'
import type { Span, SpanEvent, SpanLink } from '../model/span.ts'
import { writeKeyValue } from './jaeger-key-values.ts'
import { NO_NAME } from './jaeger-names.ts'
import type { JaegerLog, JaegerReference, JaegerSpan } from './jaeger-shapes.ts'
import { writeSpanTags } from './jaeger-span-tags.ts'

const DEBUG_AND_SAMPLED = 3

export function writeJaegerSpan(
  span: Span,
  processID: string,
  warnings: readonly string[] | null,
): JaegerSpan {
  return {
    traceID: shortTraceId(span.traceId),
    spanID: span.spanId,
    ...(span.debug === true ? { flags: DEBUG_AND_SAMPLED } : {}),
    operationName: span.name === '' ? NO_NAME : span.name,
    references: writeReferences(span),
    startTime: span.start,
    duration: span.duration,
    tags: writeSpanTags(span),
    logs: span.events.map(writeEvent),
    processID,
    warnings,
  }
}

/** The parent comes first; a link to it is not said twice. */
function writeReferences(span: Span): readonly JaegerReference[] {
  const { traceId, parentId } = span
  const links = span.links.filter(link => link.traceId !== traceId || link.spanId !== parentId)
  const references = links.map(writeLink)
  return parentId === undefined
    ? references
    : [{ refType: 'CHILD_OF', traceID: shortTraceId(traceId), spanID: parentId }, ...references]
}

function writeLink({ traceId, spanId, attributes }: SpanLink): JaegerReference {
  const isChild = attributes.some(({ key, value }) => key === 'opentracing.ref_type' && value === 'child_of')
  return {
    refType: isChild ? 'CHILD_OF' : 'FOLLOWS_FROM',
    traceID: shortTraceId(traceId),
    spanID: spanId,
  }
}

function writeEvent({ time, name, attributes }: SpanEvent): JaegerLog {
  const fields = attributes.map(writeKeyValue)
  const isNamed = name === '' || attributes.some(({ key }) => key === 'event')
  return {
    timestamp: time,
    fields: isNamed ? fields : [{ key: 'event', type: 'string', value: name }, ...fields],
  }
}
