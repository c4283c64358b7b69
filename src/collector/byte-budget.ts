/** Bounds the bytes that are held at one time, by refusing to take more. */
export class ByteBudget {
  readonly max: number
  #used = 0

  constructor(max: number) {
    this.max = max
  }

  get used(): number {
    return this.#used
  }

  /** False: not taken. The first one is always taken, or something larger than the budget would never be. */
  take(bytes: number): boolean {
    if (this.#used > 0 && this.#used + bytes > this.max) return false
    this.#used += bytes
    return true
  }

  /** For bytes that are there already and turned out to be more, or fewer, than were taken. */
  correct(taken: number, actual: number): void {
    this.#used += actual - taken
  }

  give(bytes: number): void {
    this.#used -= bytes
  }
}
