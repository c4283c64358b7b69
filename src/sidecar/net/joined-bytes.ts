const FIRST_CAPACITY = 4 * 1024

/** A place where a text and bytes are put together, again and again. */
export class JoinedBytes {
  private bytes: Buffer = Buffer.allocUnsafeSlow(FIRST_CAPACITY)
  /** One head and body are often as long as those before. */
  private view: Buffer = this.bytes

  /** `text` in Latin-1. What was given before is no longer valid. */
  of(text: string, bytes: Buffer): Buffer {
    const length = text.length + bytes.length
    if (length > this.bytes.length) this.bytes = Buffer.allocUnsafeSlow(2 * length)
    if (this.view.length !== length || this.view.buffer !== this.bytes.buffer) {
      this.view = this.bytes.subarray(0, length)
    }
    this.bytes.write(text, 0, 'latin1')
    bytes.copy(this.bytes, text.length)
    return this.view
  }

  holds(bytes: Buffer | undefined): boolean {
    return bytes?.buffer === this.bytes.buffer
  }
}
