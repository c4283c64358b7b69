/** A body that is sent again has to be kept meanwhile. Beyond this it is not. */
export const MOST_KEPT_BYTES: number = 64 * 1024

const NOTHING = Buffer.alloc(0)

/** The beginning of the body of a request, for as long as it may have to be sent again. */
export class Replay {
  /** Nothing of the body that came so far is missing here. */
  whole = true
  private parts: Buffer[] = []
  private size = 0

  clear(): void {
    this.whole = true
    if (this.size === 0) return
    this.parts = []
    this.size = 0
  }

  /** `bytes` are lent. `most`: beyond it nothing is kept; Infinity where nobody else has them. */
  add(bytes: Buffer, most: number): void {
    if (bytes.length === 0 || !this.whole) return
    if (this.size + bytes.length > most) {
      this.drop()
      return
    }
    this.parts.push(Buffer.from(bytes))
    this.size += bytes.length
  }

  /** It will not be sent again. */
  drop(): void {
    this.clear()
    this.whole = false
  }

  get bytes(): Buffer {
    if (this.size === 0) return NOTHING
    if (this.parts.length > 1) this.parts = [Buffer.concat(this.parts)]
    return this.parts[0] ?? NOTHING
  }
}
