/** Spans on their way, as one JSON array. */
export interface SpanBatch {
  readonly body: Buffer
  readonly spans: number
  /** Counts the batches of this sidecar; a batch that is sent again keeps its number, so that it is written once. */
  readonly sequence: number
  readonly sealedAtMillis: number
}

/** Some two hundred spans. Larger ones hold up requests while they are written, and those of others in the collector. */
export const LARGEST_BATCH_BYTES: number = 128 * 1024

export interface SpanBatcherOptions {
  readonly monotonicMillis: () => number
  readonly largestBytes?: number
}

/** Puts spans together. A batch is larger than the limit only where a single span is. */
export interface SpanBatcher {
  /** Of the open batch. */
  readonly bytes: number
  /** Whether the span still fits into the open batch; an empty one takes any. */
  fits(spanBytes: number): boolean
  /** All of it ASCII. */
  add(span: string): void
  /** Undefined where nothing was added. */
  seal(): SpanBatch | undefined
}

/** A sidecar that records little keeps little memory for it. */
const FIRST_CAPACITY = 16 * 1024
const OPEN = 0x5b
const COMMA = 0x2c
const CLOSE = 0x5d

/** Spans are encoded into their place at once: no text of a whole batch is ever put together. */
export function createSpanBatcher(options: SpanBatcherOptions): SpanBatcher {
  const largest = options.largestBytes ?? LARGEST_BATCH_BYTES
  let body = Buffer.alloc(0)
  let bytes = 0
  let spans = 0
  let sequence = 0

  function makeRoom(needed: number): void {
    if (needed <= body.length) return
    const grown = Buffer.allocUnsafeSlow(Math.max(FIRST_CAPACITY, needed, Math.min(2 * body.length, largest)))
    body.copy(grown, 0, 0, bytes)
    body = grown
  }

  return {
    get bytes() {
      return bytes
    },
    // One byte before the span, one for the end of the batch.
    fits: spanBytes => spans === 0 || bytes + spanBytes + 2 <= largest,
    add(span) {
      makeRoom(bytes + span.length + 2)
      body[bytes++] = spans === 0 ? OPEN : COMMA
      bytes += body.write(span, bytes, 'latin1')
      spans++
    },
    seal() {
      if (spans === 0) return undefined
      body[bytes++] = CLOSE
      const batch: SpanBatch = {
        body: body.subarray(0, bytes),
        spans,
        sequence: ++sequence,
        sealedAtMillis: options.monotonicMillis(),
      }
      body = Buffer.alloc(0)
      bytes = 0
      spans = 0
      return batch
    },
  }
}
