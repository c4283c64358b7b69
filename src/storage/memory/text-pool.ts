/** Of shorter texts V8 has one string anyway, if they come from `JSON.parse`. */
const SHORTEST_SHARED = 11
/** Longer texts are seldom the same twice, and asking costs by length. */
const LONGEST_SHARED = 128
const STRING_HEADER_BYTES = 16
const BEYOND_ONE_BYTE = /[^\0-\xff]/

/**
 * Gives equal texts the same string object, so that ten thousand spans keep one `GET`. Bounded: it remembers
 * the texts of two generations of `capacity` each; one that is asked for again moves to the young generation.
 */
export class TextPool {
  /** Bytes of all strings that were handed out as new; the difference of two readings is what came in between. */
  newBytes = 0
  readonly #capacity: number
  #young: Map<string, string> = new Map()
  #old: Map<string, string> = new Map()

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  share(text: string): string {
    if (text.length < SHORTEST_SHARED) return text
    if (text.length > LONGEST_SHARED) {
      this.newBytes += textBytes(text)
      return text
    }
    const young = this.#young.get(text)
    if (young !== undefined) return young
    const shared = this.#old.get(text) ?? this.#take(text)
    this.#remember(shared)
    return shared
  }

  #take(text: string): string {
    this.newBytes += textBytes(text)
    return text
  }

  #remember(text: string): void {
    if (this.#young.size >= this.#capacity) {
      this.#old = this.#young
      this.#young = new Map()
    }
    this.#young.set(text, text)
  }
}

/** What a string takes in V8: a header, one byte a character or two, in whole words. */
export function textBytes(text: string): number {
  const characters = BEYOND_ONE_BYTE.test(text) ? text.length * 2 : text.length
  return STRING_HEADER_BYTES + ((characters + 7) & ~7)
}
