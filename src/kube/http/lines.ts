export interface LineOptions {
  /** The most bytes of one line, without its end. */
  readonly mostBytes: number
  /** What becomes of a longer one: it throws `LongLineError`, or comes in parts. */
  readonly longer: 'refuse' | 'split'
}

export class LongLineError extends Error {}

const LINE_FEED = 0x0a

/** Cuts a stream of bytes at its line feeds, which are left out. The rest after the last one is a line as well. */
export async function* readLines(
  pieces: AsyncIterable<Uint8Array>,
  options: LineOptions,
): AsyncGenerator<Uint8Array> {
  const line = new GrowingLine()
  for await (const piece of pieces) {
    let start = 0
    for (let end = piece.indexOf(LINE_FEED); end !== -1; end = piece.indexOf(LINE_FEED, start)) {
      yield* line.add(piece.subarray(start, end), options)
      yield line.take()
      start = end + 1
    }
    yield* line.add(piece.subarray(start), options)
  }
  if (line.length > 0) yield line.take()
}

/** Pieces are joined once, when the line is whole: a line of many pieces is not copied again for each. */
class GrowingLine {
  #parts: Uint8Array[] = []
  #length = 0

  get length(): number {
    return this.#length
  }

  *add(bytes: Uint8Array, { mostBytes, longer }: LineOptions): Generator<Uint8Array> {
    let left = bytes
    while (this.#length + left.length > mostBytes) {
      if (longer === 'refuse') throw new LongLineError(`a line is longer than ${mostBytes} bytes`)
      const room = mostBytes - this.#length
      this.#push(left.subarray(0, room))
      yield this.take()
      left = left.subarray(room)
    }
    this.#push(left)
  }

  take(): Uint8Array {
    const [only] = this.#parts
    const whole = this.#parts.length === 1 && only !== undefined ? only : Buffer.concat(this.#parts)
    this.#parts = []
    this.#length = 0
    return whole
  }

  #push(bytes: Uint8Array): void {
    if (bytes.length === 0) return
    this.#parts.push(bytes)
    this.#length += bytes.length
  }
}
