/** Up to here a request's body is kept, so that it can be sent again. */
const MOST_KEPT = 4 * 1024

/** The body of a request as far as it came, as long as it is small. */
export class RequestCopy {
  /** Nothing of it is missing. */
  complete = true
  private bytes: Buffer | undefined
  private length = 0

  clear(): void {
    this.complete = true
    this.length = 0
  }

  append(bytes: Buffer, from: number, to: number): void {
    if (!this.complete || to <= from) return
    if (this.length + to - from > MOST_KEPT) {
      this.complete = false
      return
    }
    this.bytes ??= Buffer.allocUnsafeSlow(MOST_KEPT)
    bytes.copy(this.bytes, this.length, from, to)
    this.length += to - from
  }

  giveUp(): void {
    this.complete = false
  }

  view(): Buffer {
    return this.bytes?.subarray(0, this.length) ?? Buffer.alloc(0)
  }
}
