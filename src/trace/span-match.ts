import { attributeText } from '../model/attribute-text.ts'
import type { Attributes } from '../model/attributes.ts'
import type { Micros } from '../model/micros.ts'
import type { Span, SpanKind } from '../model/span.ts'

/** What one span must be; what is absent is not asked. */
export interface SpanQuery {
  readonly service?: string
  readonly operation?: string
  readonly kind?: SpanKind
  readonly attributes?: readonly AttributeQuery[]
  readonly minDuration?: Micros
  readonly maxDuration?: Micros
}

export interface AttributeQuery {
  readonly key: string
  /** Compared with the attribute's value as text, exactly. */
  readonly value: string
}

/** Whether all that is asked holds for the span. The range of time is not looked at. */
export function matches(span: Span, query: SpanQuery): boolean {
  const { service, operation, kind, minDuration, maxDuration } = query
  return (
    (service === undefined || span.resource.service === service) &&
    (operation === undefined || span.name === operation) &&
    (kind === undefined || span.kind === kind) &&
    (minDuration === undefined || span.duration >= minDuration) &&
    (maxDuration === undefined || span.duration <= maxDuration) &&
    (query.attributes === undefined || query.attributes.every(asked => matchesAttribute(span, asked)))
  )
}

/**
 * Whether the span, its resource or one of its events has the attribute. What Jaeger shows as a tag although the
 * span has it in a field of its own can be asked for as well: `error` (`true`, `false`), `span.kind`, status, scope,
 * trace state, both endpoints, and `event`, the name of an event.
 */
function matchesAttribute(span: Span, asked: AttributeQuery): boolean {
  return (
    hasAttribute(span.attributes, asked) ||
    hasField(span, asked) ||
    hasAttribute(span.resource.attributes, asked) ||
    span.events.some(event => hasAttribute(event.attributes, asked))
  )
}

function hasAttribute(attributes: Attributes, asked: AttributeQuery): boolean {
  return attributes.some(({ key, value }) => key === asked.key && attributeText(value) === asked.value)
}

function hasField(span: Span, { key, value }: AttributeQuery): boolean {
  const { code } = span.status
  switch (key) {
    case 'error':
      return value === String(code === 'error')
    case 'span.kind':
      return span.kind === value
    case 'otel.status_code':
      return code !== 'unset' && value === code.toUpperCase()
    case 'otel.status_description':
      return span.status.message === value
    case 'otel.scope.name':
      return span.scope?.name === value
    case 'otel.scope.version':
      return span.scope?.version === value
    case 'w3c.tracestate':
      return span.traceState === value
    case 'event':
      return span.events.some(({ name }) => name === value)
    default:
      return hasEndpointField(span, { key, value })
  }
}

function hasEndpointField({ local, remote }: Span, { key, value }: AttributeQuery): boolean {
  switch (key) {
    case 'peer.service':
      return remote?.service === value
    case 'network.peer.address':
      return remote?.ipv4 === value || remote?.ipv6 === value
    case 'net.peer.port':
      return remote?.port !== undefined && String(remote.port) === value
    case 'network.local.address':
      return local?.ipv4 === value || local?.ipv6 === value
    case 'net.host.port':
      return local?.port !== undefined && String(local.port) === value
    default:
      return false
  }
}
