import type { TimeRange } from '../../model/micros.ts'
import type { DependencyLink } from '../../model/trace.ts'
import { dependencies } from '../../trace/dependencies.ts'
import type { Breathe } from './breather.ts'
import type { StoredTrace, TracePlace } from './stored-trace.ts'
import type { TraceIndex } from './trace-index.ts'

const PLACES_A_TURN = 64

/** The calls in all traces that have a span starting in the range; each pair of services once. */
export async function traceLinks(
  index: TraceIndex,
  range: TimeRange,
  breathe: Breathe,
): Promise<readonly DependencyLink[]> {
  const sum = new LinkSum()
  let behind: TracePlace | undefined
  for (;;) {
    const places = index.newestFirst(PLACES_A_TURN, behind)
    const inRange = places.filter(place => startsIn(place, range)).map(place => place.trace.spans)
    sum.add(dependencies(inRange))
    const last = places.at(-1)
    if (last === undefined || last.newest < range.from) return sum.list()
    behind = { ...last }
    await breathe()
  }
}

function startsIn({ trace, oldest, newest }: TracePlace, { from, to }: TimeRange): boolean {
  if (newest < from || oldest > to) return false
  if (newest <= to || oldest >= from) return true
  return hasStartIn(trace, from, to)
}

function hasStartIn(trace: StoredTrace, from: number, to: number): boolean {
  return trace.spans.some(span => span.start >= from && span.start <= to)
}

/** Links by parent and child. */
class LinkSum {
  readonly #links: Map<string, Map<string, DependencyLink>> = new Map()

  add(links: readonly DependencyLink[]): void {
    for (const link of links) {
      let children = this.#links.get(link.parent)
      if (children === undefined) {
        children = new Map()
        this.#links.set(link.parent, children)
      }
      const known = children.get(link.child)
      children.set(link.child, known === undefined ? link : together(known, link))
    }
  }

  list(): readonly DependencyLink[] {
    return [...this.#links.values()].flatMap(children => [...children.values()])
  }
}

function together(left: DependencyLink, right: DependencyLink): DependencyLink {
  return {
    ...left,
    callCount: left.callCount + right.callCount,
    errorCount: left.errorCount + right.errorCount,
  }
}
