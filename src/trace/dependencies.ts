import { attributeText } from '../model/attribute-text.ts'
import type { Span } from '../model/span.ts'
import type { DependencyLink } from '../model/trace.ts'
import { repeatedSpanIds } from './repeated-span-ids.ts'
import { SpanIndex } from './span-index.ts'

/**
 * Who called whom in whole traces, as they were stored, sorted by parent and child. One call is
 * - a span whose parent (of a shared id: the client half) is of another service;
 * - a client's or producer's span that nobody answered and that names the other side (`remote`, else the
 *   attribute `peer.service` or `service.peer.name`): databases, and whatever else sends no spans;
 * - a server's or consumer's span whose caller sent no span but is named in `remote`.
 * A service that calls itself is no link, and neither is one without a name. A call failed if the span of the
 * child's side failed. Spans that were received twice count once. Linear in the number of spans.
 */
export function dependencies(traces: Iterable<readonly Span[]>): DependencyLink[] {
  const calls = new CallTally()
  for (const spans of traces) countTrace(spans, calls)
  return calls.links()
}

function countTrace(spans: readonly Span[], calls: CallTally): void {
  const index = new SpanIndex(spans)
  const parents = new Set<string>()
  for (const { parentId } of spans) if (parentId !== undefined) parents.add(parentId)
  for (const span of withoutRepeats(spans)) {
    const { service } = span.resource
    const parent = index.parentOf(span)
    if (parent !== undefined) calls.add(parent.resource.service, service, span)
    else if (isCalled(span)) calls.add(span.remote?.service ?? '', service, span)
    if (isCalling(span) && !parents.has(span.spanId) && !index.hasServerHalf(span)) {
      calls.add(service, remoteService(span), span)
    }
  }
}

function isCalled({ kind }: Span): boolean {
  return kind === 'server' || kind === 'consumer'
}

/** Zipkin takes a span without kind that knows both sides for a client's. */
function isCalling({ kind, remote }: Span): boolean {
  return kind === 'client' || kind === 'producer' || (kind === 'unspecified' && remote?.service !== undefined)
}

function remoteService({ remote, attributes }: Span): string {
  if (remote?.service !== undefined) return remote.service
  const named = attributes.find(({ key }) => key === 'peer.service' || key === 'service.peer.name')
  return named === undefined ? '' : attributeText(named.value)
}

function withoutRepeats(spans: readonly Span[]): readonly Span[] {
  const repeatedIds = repeatedSpanIds(spans)
  if (repeatedIds.size === 0) return spans
  const seen = new Set<string>()
  return spans.filter(({ spanId, kind, start, duration, resource }) => {
    if (!repeatedIds.has(spanId)) return true
    const key = `${spanId} ${kind} ${start} ${duration} ${resource.service}`
    return seen.size < seen.add(key).size
  })
}

interface Count {
  callCount: number
  errorCount: number
}

class CallTally {
  readonly #counts: Map<string, Map<string, Count>> = new Map()

  add(parent: string, child: string, { status }: Span): void {
    if (parent === '' || child === '' || parent === child) return
    let children = this.#counts.get(parent)
    if (children === undefined) {
      children = new Map()
      this.#counts.set(parent, children)
    }
    let count = children.get(child)
    if (count === undefined) {
      count = { callCount: 0, errorCount: 0 }
      children.set(child, count)
    }
    count.callCount++
    if (status.code === 'error') count.errorCount++
  }

  links(): DependencyLink[] {
    const links: DependencyLink[] = []
    for (const [parent, children] of [...this.#counts].sort(byName)) {
      for (const [child, count] of [...children].sort(byName)) links.push({ parent, child, ...count })
    }
    return links
  }
}

function byName([left]: readonly [string, unknown], [right]: readonly [string, unknown]): number {
  return left < right ? -1 : 1
}
