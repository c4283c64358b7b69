const SMALL_BYTES = 4 * 1024
const LARGE_BYTES = 64 * 1024
/** So many small reads in a row, and the connection is no longer in the middle of something large. */
const CALM_READS = 32
/** Large ones that nobody uses, kept for the next bulk transfer. */
const MOST_SPARE = 16

const spare: Buffer[] = []

/** Bytes that one reads into, and that others may still have to write. */
export class SharedBytes {
  readonly bytes: Buffer
  private users = 1

  constructor(size: number) {
    this.bytes = (size === LARGE_BYTES ? spare.pop() : undefined) ?? Buffer.allocUnsafeSlow(size)
  }

  get shared(): boolean {
    return this.users > 1
  }

  use(): void {
    this.users++
  }

  release(): void {
    this.users--
    if (this.users === 0 && this.bytes.length === LARGE_BYTES && spare.length < MOST_SPARE)
      spare.push(this.bytes)
  }
}

/**
 * What a connection reads into, again and again. Most messages fit into a small buffer, and there may be many idle
 * connections; a bulk transfer gets a large one. A write that the kernel did not take at once shares the bytes: the next
 * read goes into others.
 */
export class ReadBuffer {
  current: SharedBytes = new SharedBytes(SMALL_BYTES)
  private calm = 0
  /** Messages on a connection are often as long as the one before. */
  private view: Buffer = this.current.bytes

  /** What was read; the same object again where it has the same length. */
  filled(length: number): Buffer {
    if (this.view.length !== length) this.view = this.current.bytes.subarray(0, length)
    return this.view
  }

  /** After each read. True: `current` is another now. */
  advance(length: number): boolean {
    const size = this.current.bytes.length
    this.calm = length > SMALL_BYTES ? 0 : this.calm + 1
    let next = size
    if (length === size) next = LARGE_BYTES
    else if (this.calm > CALM_READS) next = SMALL_BYTES
    if (next === size && !this.current.shared) return false
    this.current.release()
    this.current = new SharedBytes(next)
    this.view = this.current.bytes
    return true
  }

  /** The connection is closed. */
  end(): void {
    this.current.release()
  }
}
