/**
 * How often the other side may do what costs us something and brings it nothing. It begins with `burst`, regains
 * `perSecond`, and earns more by what it does of use.
 */
export class Budget {
  private readonly burst: number
  private readonly perSecond: number
  private left: number
  private since: number

  constructor(burst: number, perSecond: number, nowMillis: number) {
    this.since = nowMillis
    this.burst = burst
    this.perSecond = perSecond
    this.left = burst
  }

  earn(amount: number): void {
    if (this.left < this.burst) this.left = Math.min(this.burst, this.left + amount)
  }

  /** False: nothing is left. */
  spend(nowMillis: number): boolean {
    if (this.left >= 1) {
      this.left--
      return true
    }
    const regained = ((nowMillis - this.since) / 1000) * this.perSecond
    if (regained < 1) return false
    this.since = nowMillis
    this.left = Math.min(this.burst, regained) - 1
    return true
  }
}
