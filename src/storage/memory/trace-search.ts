import type { SpanId, TraceId } from '../../model/ids.ts'
import type { Micros } from '../../model/micros.ts'
import type { Span } from '../../model/span.ts'
import { matches } from '../../trace/span-match.ts'
import type { Cursor, FoundTrace, TracePage, TraceQuery } from '../span-store.ts'
import type { Breathe } from './breather.ts'
import type { StoredTrace, TracePlace } from './stored-trace.ts'
import type { TraceIndex } from './trace-index.ts'

const PLACES_A_TURN = 64

interface Match {
  readonly trace: StoredTrace
  readonly traceId: TraceId
  readonly matched: readonly SpanId[]
  readonly start: Micros
}

/**
 * Finds a page of traces. The index is in the order of newest starts, and no span of a trace starts later than
 * that: the search ends when what it has cannot be beaten by what is left. Traces that get spans while it
 * gives way may be judged with or without these.
 */
export async function searchTraces(
  index: TraceIndex,
  query: TraceQuery,
  breathe: Breathe,
): Promise<TracePage> {
  const best = new BestMatches(query.limit + 1)
  let behind: TracePlace | undefined
  for (;;) {
    const places = index.newestFirst(PLACES_A_TURN, behind)
    for (const place of places) {
      if (place.newest < query.range.from || best.cannotBeBeatenBy(place.newest)) return page(best, query)
      if (place.oldest > query.range.to) continue
      const match = matchTrace(place.trace, query)
      if (match !== undefined && isBehind(match, query.cursor)) best.add(match)
    }
    // A copy: the place itself may move in the index while others have their turn.
    const last = places.at(-1)
    if (last === undefined || places.length < PLACES_A_TURN) return page(best, query)
    behind = { ...last }
    await breathe()
  }
}

function page(best: BestMatches, { limit }: TraceQuery): TracePage {
  const traces = best.list.slice(0, limit).map(
    ({ trace, traceId, matched, start }): FoundTrace => ({
      traceId,
      spans: trace.spans.slice(),
      matched,
      newestMatch: start,
    }),
  )
  const last = best.list[limit - 1]
  if (best.list.length <= limit || last === undefined) return { traces }
  return { traces, next: { start: last.start, traceId: last.traceId } }
}

/** Undefined where no span of the trace matches. */
function matchTrace(trace: StoredTrace, query: TraceQuery): Match | undefined {
  const { from, to } = query.range
  let found: Span[] | undefined
  for (const span of trace.spans) {
    if (span.start < from || span.start > to || !matches(span, query)) continue
    if (found === undefined) found = [span]
    else found.push(span)
  }
  if (found === undefined) return undefined
  if (found.length > 1) found.sort((left, right) => right.start - left.start)
  const start = found[0]?.start ?? from
  return { trace, traceId: trace.traceId, matched: found.map(span => span.spanId), start }
}

function isBehind(match: Match, cursor: Cursor | undefined): boolean {
  return cursor === undefined || compare(match, cursor) > 0
}

/** Newest first, ties by trace id ascending. */
function compare(left: Cursor, right: Cursor): number {
  if (left.start !== right.start) return right.start - left.start
  if (left.traceId === right.traceId) return 0
  return left.traceId < right.traceId ? -1 : 1
}

/** The first `most` matches in the order of a search, of all that are added. */
class BestMatches {
  readonly list: Match[] = []
  readonly #most: number

  constructor(most: number) {
    this.#most = most
  }

  add(match: Match): void {
    let place = this.list.length
    // Matches come nearly in order, so this is a short way.
    for (; place > 0; place--) {
      const before = this.list[place - 1]
      if (before === undefined || compare(before, match) < 0) break
    }
    if (place >= this.#most) return
    this.list.splice(place, 0, match)
    if (this.list.length > this.#most) this.list.pop()
  }

  /** Whether a trace whose newest span starts then can no longer come into the list. */
  cannotBeBeatenBy(newest: Micros): boolean {
    const last = this.list[this.#most - 1]
    return last !== undefined && newest < last.start
  }
}
