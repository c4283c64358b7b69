import type { Attribute } from '../model/attributes.ts'
import type { Scope, Span, SpanKind, SpanStatus, StatusCode } from '../model/span.ts'
import { readKeyValue, writeKeyValue } from './jaeger-key-values.ts'
import type { JaegerKeyValue } from './jaeger-shapes.ts'

/**
 * All tags of a span, in Jaeger's order: scope, attributes, then what the span has in fields of its own. A tag
 * that the source wrote itself is not made a second time. An attribute `error` that only says `true` gives way
 * to the boolean that stands for the status; any other text stays beside it.
 */
export function writeSpanTags(span: Span): readonly JaegerKeyValue[] {
  const tags: JaegerKeyValue[] = []
  const own = new Set<string>()
  for (const { key } of span.attributes) own.add(key)
  const add = (key: string, value: string | undefined): void => {
    if (value !== undefined && value !== '' && !own.has(key)) tags.push({ key, type: 'string', value })
  }
  const addPort = (key: string, value: number | undefined): void => {
    if (value !== undefined && !own.has(key)) tags.push({ key, type: 'int64', value })
  }
  const failed = span.status.code === 'error'
  add('otel.scope.name', span.scope?.name)
  add('otel.scope.version', span.scope?.version)
  for (const attribute of span.attributes) {
    if (!(failed && isPlainError(attribute))) tags.push(writeKeyValue(attribute))
  }
  add('network.local.address', span.local?.ipv4 ?? span.local?.ipv6)
  addPort('net.host.port', span.local?.port)
  add('peer.service', span.remote?.service)
  add('network.peer.address', span.remote?.ipv4 ?? span.remote?.ipv6)
  addPort('net.peer.port', span.remote?.port)
  if (span.kind !== 'unspecified') add('span.kind', span.kind)
  if (span.status.code !== 'unset') add('otel.status_code', failed ? 'ERROR' : 'OK')
  if (failed) tags.push({ key: 'error', type: 'bool', value: true })
  add('otel.status_description', span.status.message)
  add('w3c.tracestate', span.traceState)
  return tags
}

function isPlainError({ key, value }: Attribute): boolean {
  return key === 'error' && (value === 'true' || value === true)
}

/** What tags say of a span. */
export interface SpanTags {
  readonly kind: SpanKind
  readonly status: SpanStatus
  readonly attributes: readonly Attribute[]
  readonly scope?: Scope
  readonly traceState?: string
}

const KINDS: ReadonlySet<string> = new Set(['internal', 'server', 'client', 'producer', 'consumer'])

function isKind(text: string): text is SpanKind {
  return KINDS.has(text)
}

/** The way back. The tags of endpoints stay attributes: they may have been such from the start. */
export function readSpanTags(tags: readonly JaegerKeyValue[]): SpanTags {
  const attributes: Attribute[] = []
  const said = new Map<string, string>()
  let kind: SpanKind = 'unspecified'
  let failed = false
  for (const tag of tags) {
    const text = String(tag.value)
    if (tag.key === 'span.kind' && isKind(text)) kind = text
    else if (tag.key === 'error' && text === 'true') failed = true
    else if (FIELDS.has(tag.key) && tag.type === 'string') said.set(tag.key, text)
    else attributes.push(readKeyValue(tag))
  }
  const scope = readScope(said)
  const traceState = said.get('w3c.tracestate')
  return {
    kind,
    status: readStatus(failed, said),
    attributes,
    ...(scope === undefined ? {} : { scope }),
    ...(traceState === undefined ? {} : { traceState }),
  }
}

const FIELDS: ReadonlySet<string> = new Set([
  'otel.scope.name',
  'otel.scope.version',
  'otel.status_code',
  'otel.status_description',
  'w3c.tracestate',
])

function readStatus(failed: boolean, said: ReadonlyMap<string, string>): SpanStatus {
  const word = said.get('otel.status_code')
  const code: StatusCode = failed || word === 'ERROR' ? 'error' : word === 'OK' ? 'ok' : 'unset'
  const message = said.get('otel.status_description')
  return message === undefined ? { code } : { code, message }
}

function readScope(said: ReadonlyMap<string, string>): Scope | undefined {
  const name = said.get('otel.scope.name')
  const version = said.get('otel.scope.version')
  if (name === undefined && version === undefined) return undefined
  return { name: name ?? '', version: version ?? '', attributes: [] }
}
