/** Bytes from `from` to `to` as UTF-8; what is none becomes U+FFFD. */
export type DecodeText = (bytes: Uint8Array, from: number, to: number) => string

const SLOTS = 1024
const LONGEST = 96
/** Of a text so many bytes or more only some are hashed: a collision costs a decoding, not a mistake. */
const SAMPLED_FROM = 16

/**
 * Gives a text of short ASCII that it knows without making it again: keys, names and most values repeat. Bounded: a
 * newcomer takes the place of the one before. What is longer, or not ASCII, is decoded each time.
 */
export class TextMemo {
  readonly #decode: DecodeText
  readonly #known: string[] = Array.from({ length: SLOTS }, () => '')
  /** Looked at first: a newcomer need not touch the text that has his place. */
  readonly #hashes = new Int32Array(SLOTS)

  constructor(decode: DecodeText) {
    this.#decode = decode
  }

  read(bytes: Uint8Array, from: number, to: number): string {
    const length = to - from
    if (length === 0) return ''
    if (length > LONGEST) return this.#decode(bytes, from, to)
    const step = length < SAMPLED_FROM ? 1 : length >> 3
    let hash = length + (bytes[to - 1] ?? 0)
    for (let at = from; at < to; at += step) hash = (Math.imul(hash, 31) + (bytes[at] ?? 0)) | 0
    const slot = (hash ^ (hash >>> 15)) & (SLOTS - 1)
    if (this.#hashes[slot] === hash) {
      const known = this.#known[slot] ?? ''
      if (known.length === length && isSame(known, bytes, from)) return known
    }
    const text = this.#decode(bytes, from, to)
    // As many characters as bytes: it is ASCII, or has a U+FFFD, which no byte is equal to.
    if (text.length === length) {
      this.#known[slot] = text
      this.#hashes[slot] = hash
    }
    return text
  }
}

function isSame(text: string, bytes: Uint8Array, from: number): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) !== bytes[from + at]) return false
  return true
}
