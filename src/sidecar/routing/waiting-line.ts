/** A request that waits until a connection to the endpoint is free, or one more may be made. */
export interface Waiter {
  /** It takes what is free and waits no more. False: that is not for it, and it stays the first. */
  onRoom(): boolean
}

/** Who came first is first. */
export class WaitingLine {
  private readonly waiting: Waiter[] = []

  add(waiter: Waiter): void {
    this.waiting.push(waiter)
  }

  /** It waits no more. */
  remove(waiter: Waiter): void {
    const at = this.waiting.indexOf(waiter)
    if (at >= 0) this.waiting.splice(at, 1)
  }

  /** There is room for one. False: nobody took it. */
  callOne(): boolean {
    if (this.waiting.length === 0) return false
    const first = this.waiting.shift()
    if (first === undefined || first.onRoom()) return true
    this.waiting.unshift(first)
    return false
  }

  /** There may be room for several. */
  call(): void {
    while (this.callOne());
  }

  /** Nothing will ever be free here. */
  dismiss(): void {
    for (const waiter of this.waiting.splice(0)) waiter.onRoom()
  }
}
