import { attributeJson } from '../../model/attribute-text.ts'
import type { Attributes } from '../../model/attributes.ts'
import type { Span } from '../../model/span.ts'
import { repeatedSpanIds } from '../repeated-span-ids.ts'
import type { Adjust } from './adjust.ts'

/**
 * Keeps the first of spans that are the same in everything; in which order attributes, events and links came
 * does not matter. Only spans with the same id, kind and time are looked at in full, each once.
 */
export const dropRepeatedSpans: Adjust = trace => {
  const repeatedIds = repeatedSpanIds(trace.spans)
  if (repeatedIds.size === 0) return trace
  const first = new Map<string, Span>()
  const seen = new Map<string, Set<string>>()
  const spans = trace.spans.filter(span => {
    if (!repeatedIds.has(span.spanId)) return true
    const brief = `${span.spanId} ${span.kind} ${span.start} ${span.duration}`
    const earlier = first.get(brief)
    if (earlier === undefined) {
      first.set(brief, span)
      return true
    }
    let contents = seen.get(brief)
    if (contents === undefined) {
      contents = new Set([contentOf(earlier)])
      seen.set(brief, contents)
    }
    return contents.size < contents.add(contentOf(span)).size
  })
  return { ...trace, spans }
}

/** Equal exactly where two spans are the same. */
function contentOf(span: Span): string {
  const { attributes, events, links, resource, scope, ...plain } = span
  return JSON.stringify([
    Object.entries(plain).sort(([left], [right]) => (left < right ? -1 : 1)),
    attributesText(attributes),
    events.map(event => JSON.stringify({ ...event, attributes: attributesText(event.attributes) })).sort(),
    links.map(link => JSON.stringify({ ...link, attributes: attributesText(link.attributes) })).sort(),
    [resource.service, attributesText(resource.attributes)],
    scope === undefined ? [] : [scope.name, scope.version, attributesText(scope.attributes)],
  ])
}

function attributesText(attributes: Attributes): readonly string[] {
  return attributes.map(({ key, value }) => `${key} ${typeof value} ${attributeJson(value)}`).sort()
}
