/** Chunks of this many items keep an insertion at about a microsecond, also in a list of a million. */
const CHUNK = 512

/** Less than 0: `left` comes first. 0 only for one and the same item. */
export type Compare<T> = (left: T, right: T) => number

/** Items in order, in chunks: finding, adding and deleting cost the logarithm of the length and a short move. */
export class SortedList<T> {
  readonly #compare: Compare<T>
  /** None of them empty. */
  readonly #chunks: T[][] = []
  #length = 0

  constructor(compare: Compare<T>) {
    this.#compare = compare
  }

  get length(): number {
    return this.#length
  }

  add(item: T): void {
    this.#length++
    const last = this.#chunks.length - 1
    if (last < 0) {
      this.#chunks.push([item])
      return
    }
    const at = Math.min(this.#chunkOf(item), last)
    const chunk = this.#chunks[at] ?? []
    chunk.splice(this.#placeIn(chunk, item), 0, item)
    if (chunk.length > CHUNK) this.#chunks.splice(at + 1, 0, chunk.splice(CHUNK / 2))
  }

  /** False: it was not there. */
  delete(item: T): boolean {
    const at = this.#chunkOf(item)
    const chunk = this.#chunks[at]
    if (chunk === undefined) return false
    const place = this.#placeIn(chunk, item)
    if (chunk[place] !== item) return false
    chunk.splice(place, 1)
    if (chunk.length === 0) this.#chunks.splice(at, 1)
    this.#length--
    return true
  }

  /** At most `count` items, last one first: those that come before `limit`, or the very last ones without it. */
  descend(count: number, limit?: T): T[] {
    const found: T[] = []
    let at = limit === undefined ? this.#chunks.length - 1 : this.#chunkOf(limit)
    let chunk = this.#chunks[at]
    if (chunk === undefined) chunk = this.#chunks[--at]
    if (chunk === undefined) return found
    let place = (limit === undefined ? chunk.length : this.#placeIn(chunk, limit)) - 1
    while (chunk !== undefined && found.length < count) {
      const item = chunk[place--]
      if (item !== undefined) found.push(item)
      else {
        chunk = this.#chunks[--at]
        place = (chunk?.length ?? 0) - 1
      }
    }
    return found
  }

  /** The first chunk whose last item does not come before `item`; behind the last chunk where there is none. */
  #chunkOf(item: T): number {
    let low = 0
    let high = this.#chunks.length
    // Traces come in at the end and go out at the beginning: nearly always one look is enough.
    const first = this.#chunks[high - 1]?.[0]
    if (first !== undefined && this.#compare(first, item) < 0) low = high - 1
    while (low < high) {
      const middle = (low + high) >>> 1
      const last = this.#chunks[middle]?.at(-1)
      if (last !== undefined && this.#compare(last, item) < 0) low = middle + 1
      else high = middle
    }
    return low
  }

  #placeIn(chunk: readonly T[], item: T): number {
    let low = 0
    let high = chunk.length
    while (low < high) {
      const middle = (low + high) >>> 1
      const there = chunk[middle]
      if (there !== undefined && this.#compare(there, item) < 0) low = middle + 1
      else high = middle
    }
    return low
  }
}
