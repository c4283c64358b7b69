/** What is held for readers that are slower than their senders, for all connections together. */
const MOST_LENT = 64 * 1024 * 1024
let lent = 0

/**
 * One connection to an endpoint serves many clients. What a client does not read must not use up its window, or all
 * others would wait for that client. So the sender may send as much again at once, as long as there is room for
 * it here; beyond, everybody waits, which is better than memory without an end.
 */
export class Loan {
  private bytes = 0

  /** False: too much is held. */
  take(bytes: number): boolean {
    if (lent + bytes > MOST_LENT) return false
    lent += bytes
    this.bytes += bytes
    return true
  }

  /** So many held bytes are gone. Gives how many of them had been lent. */
  giveBack(bytes: number): number {
    const part = Math.min(bytes, this.bytes)
    this.bytes -= part
    lent -= part
    return part
  }
}
