import type { SpanKind } from '../../model/span.ts'
import type { Operation } from '../span-store.ts'

const KINDS: readonly SpanKind[] = ['client', 'consumer', 'internal', 'producer', 'server', 'unspecified']
const PLACE: ReadonlyMap<SpanKind, number> = new Map(KINDS.map((kind, at) => [kind, at]))

/** How many spans there are of each name and kind; a name that has none left is forgotten. */
export class OperationCounts {
  readonly #names: Map<string, Uint32Array> = new Map()

  /** True: the first span of the name. */
  add(name: string, kind: SpanKind): boolean {
    const known = this.#names.get(name)
    const counts = known ?? new Uint32Array(KINDS.length)
    if (known === undefined) this.#names.set(name, counts)
    const place = PLACE.get(kind) ?? 0
    counts[place] = (counts[place] ?? 0) + 1
    return known === undefined
  }

  /** True: it was the last span of the name. */
  remove(name: string, kind: SpanKind): boolean {
    const counts = this.#names.get(name)
    if (counts === undefined) return false
    const place = PLACE.get(kind) ?? 0
    counts[place] = (counts[place] ?? 1) - 1
    if (counts[place] !== 0 || counts.some(count => count > 0)) return false
    return this.#names.delete(name)
  }

  /** By name, then kind. */
  list(): readonly Operation[] {
    const names = [...this.#names].sort(([left], [right]) => (left < right ? -1 : 1))
    return names.flatMap(([name, counts]) =>
      KINDS.filter((_, place) => (counts[place] ?? 0) > 0).map(kind => ({ name, kind })),
    )
  }
}
