import type { Micros } from '../../model/micros.ts'
import { SortedList } from './sorted-list.ts'
import type { MovablePlace, StoredTrace, TracePlace } from './stored-trace.ts'

/** Some traces, in the order of their newest start. Spans that were noted count from the next `settle` on. */
export class TraceIndex {
  readonly #order: SortedList<TracePlace> = new SortedList(compare)
  readonly #moving: Set<MovablePlace> = new Set()

  note(trace: StoredTrace, start: Micros): void {
    const place = trace.places.get(this)
    if (place === undefined) {
      const created = { trace, newest: start, oldest: start }
      trace.places.add(this, created)
      this.#moving.add(created)
      return
    }
    if (start < place.oldest) place.oldest = start
    if (start <= place.newest) return
    if (!this.#moving.has(place)) {
      this.#order.delete(place)
      this.#moving.add(place)
    }
    place.newest = start
  }

  /** Once a batch and not once a span: a batch often has several spans of a trace. */
  settle(): void {
    for (const place of this.#moving) this.#order.add(place)
    this.#moving.clear()
  }

  /** The trace is not asked for its place again. */
  remove(trace: StoredTrace): void {
    const place = trace.places.get(this)
    if (place !== undefined) this.#order.delete(place)
  }

  /** Of those that are settled. */
  get size(): number {
    return this.#order.length
  }

  /** At most `count` places, newest first, ties by trace id ascending; those behind `behind`, or from the first on. */
  newestFirst(count: number, behind?: TracePlace): readonly TracePlace[] {
    return this.#order.descend(count, behind)
  }
}

function compare(left: TracePlace, right: TracePlace): number {
  if (left.newest !== right.newest) return left.newest - right.newest
  if (left.trace.traceId === right.trace.traceId) return 0
  return left.trace.traceId < right.trace.traceId ? 1 : -1
}
