import { attributeJson, attributeText } from '../model/attribute-text.ts'
import type { Attributes } from '../model/attributes.ts'
import { shortTraceId } from '../model/ids.ts'
import type { Endpoint, Span, SpanEvent, SpanKind, SpanLink } from '../model/span.ts'

/**
 * Writes spans as Zipkin's v2 JSON list, fields in Zipkin's order. What came as Zipkin JSON goes out as it came.
 * What only other sources say is put into tags, as OpenTelemetry does it: attributes as text (the resource's
 * where the span has none of that name), `otel.status_*`, `otel.scope.*`, `w3c.tracestate`, `otlp.link.N`,
 * attributes of events behind their name. Nanoseconds are cut off, but a span that took any time takes 1 µs.
 */
export function encodeZipkinJson(spans: readonly Span[]): string {
  return `[${spans.map(encodeSpan).join(',')}]`
}

function encodeSpan(span: Span): string {
  let json = `{"traceId":"${shortTraceId(span.traceId)}"`
  if (span.parentId !== undefined) json += `,"parentId":"${span.parentId}"`
  json += `,"id":"${span.spanId}"`
  const kind = KINDS[span.kind]
  if (kind !== '') json += `,"kind":"${kind}"`
  if (span.name !== '') json += `,"name":${JSON.stringify(span.name)}`
  if (span.start > 0) json += `,"timestamp":${span.start}`
  const duration = span.duration > 0 ? span.duration : Math.min(1, span.durationNanos ?? 0)
  if (duration > 0) json += `,"duration":${duration}`
  json += endpointField('localEndpoint', span.resource.service, span.local)
  json += endpointField('remoteEndpoint', span.remote?.service ?? '', span.remote)
  if (span.events.length > 0) json += `,"annotations":[${span.events.map(encodeEvent).join(',')}]`
  json += encodeTags(tagsOf(span))
  if (span.debug === true) json += ',"debug":true'
  if (span.shared === true) json += ',"shared":true'
  return `${json}}`
}

const KINDS: Readonly<Record<SpanKind, string>> = {
  unspecified: '',
  internal: '',
  server: 'SERVER',
  client: 'CLIENT',
  producer: 'PRODUCER',
  consumer: 'CONSUMER',
}

function endpointField(field: string, service: string, endpoint: Endpoint | undefined): string {
  const members: string[] = []
  if (service !== '') members.push(`"serviceName":${JSON.stringify(service)}`)
  if (endpoint?.ipv4 !== undefined) members.push(`"ipv4":${JSON.stringify(endpoint.ipv4)}`)
  if (endpoint?.ipv6 !== undefined) members.push(`"ipv6":${JSON.stringify(endpoint.ipv6)}`)
  if (endpoint?.port !== undefined) members.push(`"port":${endpoint.port}`)
  return members.length === 0 ? '' : `,"${field}":{${members.join(',')}}`
}

function encodeEvent(event: SpanEvent): string {
  const value = event.attributes.length === 0 ? event.name : `${event.name}|${objectJson(event.attributes)}|0`
  return `{"timestamp":${event.time},"value":${JSON.stringify(value)}}`
}

function encodeTags(tags: ReadonlyMap<string, string>): string {
  if (tags.size === 0) return ''
  const members = [...tags].map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`)
  return `,"tags":{${members.join(',')}}`
}

/** A key that repeats has its last value. */
function tagsOf(span: Span): ReadonlyMap<string, string> {
  const tags = new Map<string, string>()
  for (const { key, value } of span.attributes) tags.set(key, attributeText(value))
  for (const { key, value } of span.resource.attributes) {
    if (!tags.has(key)) tags.set(key, attributeText(value))
  }
  const add: AddTag = (key, value) => {
    if (value !== '' && !tags.has(key)) tags.set(key, value)
  }
  if (span.kind === 'internal') add('span.kind', 'internal')
  addStatus(span, tags, add)
  add('otel.scope.name', span.scope?.name ?? '')
  add('otel.scope.version', span.scope?.version ?? '')
  add('w3c.tracestate', span.traceState ?? '')
  span.links.forEach((link, at) => {
    add(`otlp.link.${at}`, linkText(link))
  })
  return tags
}

type AddTag = (key: string, value: string) => void

/** Nothing where the source said it in tags of its own. */
function addStatus({ status }: Span, tags: ReadonlyMap<string, string>, add: AddTag): void {
  if (status.code === 'unset' || tags.has('error') || tags.has('otel.status_code')) return
  add('otel.status_code', status.code === 'ok' ? 'OK' : 'ERROR')
  add('otel.status_description', status.message ?? '')
  if (status.code === 'error') add('error', status.message || 'true')
}

function linkText(link: SpanLink): string {
  return `${link.traceId}|${link.spanId}|${link.traceState ?? ''}|${objectJson(link.attributes)}|0`
}

function objectJson(attributes: Attributes): string {
  return attributeJson(new Map(attributes.map(({ key, value }) => [key, value])))
}
