import type { Attribute } from '../../model/attributes.ts'

/** Attributes of all keys that are remembered, in each of two generations. */
const REMEMBERED = 16_384
/** Longer values are seldom the same twice, and asking costs by length. */
const LONGEST_SHARED = 128
/** After so many questions it is seen whether a key is worth asking. */
const TRIAL = 256
const LEAST_HITS = TRIAL / 8
/** How often a key that is not worth it goes unasked before the next trial. */
const PAUSE = 8192

/** What is remembered of one key. */
interface KeyValues {
  young: Map<string, Attribute>
  old: Map<string, Attribute> | undefined
  asked: number
  hits: number
  /** Below zero: not to be asked. */
  pause: number
}

/**
 * Gives the same object for equal attributes, so that ten thousand spans keep one `http.method=GET`. Bounded: what
 * is not asked for again is forgotten. Keys whose values hardly repeat, like a URL with numbers in it, are left alone.
 */
export class AttributePool {
  readonly #keys: Map<string, KeyValues> = new Map()
  #young = 0

  /** The attribute itself where it is the first of its like. */
  share(attribute: Attribute): Attribute {
    const { key, value } = attribute
    if (typeof value !== 'string' || value.length > LONGEST_SHARED) return attribute
    const values = this.#valuesOf(key)
    if (values.pause > 0) {
      values.pause--
      return attribute
    }
    const shared = values.young.get(value) ?? this.#take(values, value, attribute)
    if (shared !== attribute) values.hits++
    if (++values.asked === TRIAL) {
      if (values.hits < LEAST_HITS) values.pause = PAUSE
      values.asked = 0
      values.hits = 0
    }
    return shared
  }

  #take(values: KeyValues, value: string, attribute: Attribute): Attribute {
    const shared = values.old?.get(value) ?? attribute
    if (this.#young >= REMEMBERED) this.#age()
    values.young.set(value, shared)
    this.#young++
    return shared
  }

  #valuesOf(key: string): KeyValues {
    const known = this.#keys.get(key)
    if (known !== undefined) return known
    const created: KeyValues = { young: new Map(), old: undefined, asked: 0, hits: 0, pause: 0 }
    if (this.#keys.size >= REMEMBERED) this.#keys.clear()
    this.#keys.set(key, created)
    return created
  }

  #age(): void {
    for (const [key, values] of this.#keys) {
      if (values.young.size === 0 && values.pause === 0) this.#keys.delete(key)
      values.old = values.young.size === 0 ? undefined : values.young
      values.young = new Map()
    }
    this.#young = 0
  }
}
