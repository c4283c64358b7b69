/** How far behind its newest batch a sender can repeat one, and be recognised. */
const WINDOW = 1024
const WORD_BITS = 32

/**
 * Remembers which batches of which senders were written. Bounded: the last `WINDOW` sequences of the senders
 * that sent last. What is older counts as new, for writing twice is better than losing.
 */
export class SentBatches {
  readonly #mostSenders: number
  /** The one that was heard of longest ago comes first. */
  readonly #senders: Map<string, SequenceWindow> = new Map()

  constructor(mostSenders: number) {
    this.#mostSenders = mostSenders
  }

  has(sender: { readonly id: string; readonly sequence: number }): boolean {
    return this.#senders.get(sender.id)?.has(sender.sequence) ?? false
  }

  add(sender: { readonly id: string; readonly sequence: number }): void {
    const window = this.#senders.get(sender.id) ?? new SequenceWindow()
    window.add(sender.sequence)
    this.#senders.delete(sender.id)
    this.#senders.set(sender.id, window)
    if (this.#senders.size <= this.#mostSenders) return
    for (const eldest of this.#senders.keys()) {
      this.#senders.delete(eldest)
      return
    }
  }
}

/** One bit for each of the last sequences, in a ring. */
class SequenceWindow {
  readonly #bits = new Uint32Array(WINDOW / WORD_BITS)
  #newest = -1

  has(sequence: number): boolean {
    if (sequence > this.#newest || sequence <= this.#newest - WINDOW) return false
    return ((this.#bits[wordOf(sequence)] ?? 0) & bitOf(sequence)) !== 0
  }

  add(sequence: number): void {
    if (sequence <= this.#newest - WINDOW) return
    this.#advance(sequence)
    this.#bits[wordOf(sequence)] = (this.#bits[wordOf(sequence)] ?? 0) | bitOf(sequence)
  }

  #advance(sequence: number): void {
    if (sequence - this.#newest >= WINDOW) this.#bits.fill(0)
    else {
      for (let skipped = this.#newest + 1; skipped <= sequence; skipped++) {
        this.#bits[wordOf(skipped)] = (this.#bits[wordOf(skipped)] ?? 0) & ~bitOf(skipped)
      }
    }
    this.#newest = Math.max(this.#newest, sequence)
  }
}

const wordOf = (sequence: number): number => Math.floor((sequence % WINDOW) / WORD_BITS)
const bitOf = (sequence: number): number => 1 << (sequence % WORD_BITS)
