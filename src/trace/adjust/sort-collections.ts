import type { Attributes } from '../../model/attributes.ts'
import type { SpanEvent } from '../../model/span.ts'
import { type Adjust, replaceSpans } from './adjust.ts'

/** Attributes by key, events by time. What is equal stays in the order in which it came. */
export const sortCollections: Adjust = trace => {
  const resources = new Sorted()
  const scopes = new Sorted()
  return replaceSpans(trace, span => {
    const links = span.links.map(link => ({ ...link, attributes: sortAttributes(link.attributes) }))
    return {
      ...span,
      attributes: sortAttributes(span.attributes),
      events: sortEvents(span.events),
      links: links.length === 0 ? span.links : links,
      resource: resources.of(span.resource),
      ...(span.scope === undefined ? {} : { scope: scopes.of(span.scope) }),
    }
  })
}

/** Sorts each object once, so that spans that shared it share the sorted one. */
class Sorted {
  readonly #done: Map<object, object> = new Map()

  of<Owner extends { readonly attributes: Attributes }>(owner: Owner): Owner {
    const known = this.#done.get(owner)
    if (known !== undefined) return known as Owner
    const attributes = sortAttributes(owner.attributes)
    const sorted = attributes === owner.attributes ? owner : { ...owner, attributes }
    this.#done.set(owner, sorted)
    return sorted
  }
}

function sortAttributes(attributes: Attributes): Attributes {
  const isSorted = attributes.every(({ key }, at) => at === 0 || (attributes[at - 1]?.key ?? '') <= key)
  return isSorted ? attributes : attributes.toSorted((left, right) => compareTexts(left.key, right.key))
}

function sortEvents(events: readonly SpanEvent[]): readonly SpanEvent[] {
  if (events.length === 0) return events
  return events
    .map(event => ({ ...event, attributes: sortAttributes(event.attributes) }))
    .sort((left, right) => left.time - right.time || (left.nanos ?? 0) - (right.nanos ?? 0))
}

function compareTexts(left: string, right: string): number {
  if (left === right) return 0
  return left < right ? -1 : 1
}
