import type { TraceId } from '../../model/ids.ts'
import type { Micros } from '../../model/micros.ts'
import type { Span } from '../../model/span.ts'

/** A trace as the memory engine keeps it. */
export interface StoredTrace {
  readonly traceId: TraceId
  /** In the order of receipt; grows, so nobody outside gets it. */
  readonly spans: Span[]
  /** Where it stands in each index that has it. */
  readonly places: PlaceBook
  /** The estimate for the spans and for the trace itself. */
  bytes: number
  /** The one whose first span was received next. */
  next: StoredTrace | undefined
}

/** Where a trace stands in an index: between which starts its spans lie, as far as the index knows them. */
export interface TracePlace {
  readonly trace: StoredTrace
  readonly newest: Micros
  readonly oldest: Micros
}

export type MovablePlace = { -readonly [Field in keyof TracePlace]: TracePlace[Field] }

/** From so many on, looking through all of them takes longer than a map. */
const FEW = 16

interface KeptPlace {
  readonly index: object
  readonly place: MovablePlace
}

/** The places of one trace by index. Nearly all traces are in few indexes, and a map for each would be heavy. */
export class PlaceBook {
  readonly #kept: KeptPlace[] = []
  #byIndex: Map<object, MovablePlace> | undefined

  get(index: object): MovablePlace | undefined {
    if (this.#byIndex !== undefined) return this.#byIndex.get(index)
    for (const kept of this.#kept) if (kept.index === index) return kept.place
    return undefined
  }

  add(index: object, place: MovablePlace): void {
    this.#kept.push({ index, place })
    if (this.#byIndex !== undefined) this.#byIndex.set(index, place)
    else if (this.#kept.length >= FEW) {
      this.#byIndex = new Map(this.#kept.map(kept => [kept.index, kept.place]))
    }
  }
}
