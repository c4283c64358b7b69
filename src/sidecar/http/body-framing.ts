import { ChunkedFraming } from './chunked-framing.ts'

/** How the end of a body is told (RFC 9112 6.3). */
export type BodyKind = 'none' | 'length' | 'chunked' | 'until-close'

/** Follows one body after another to its end. The bytes themselves are relayed as they came. */
export class BodyFraming {
  kind: BodyKind = 'none'
  private left = 0
  private counted = 0
  private readonly chunks = new ChunkedFraming()

  startNone(): void {
    this.kind = 'none'
    this.counted = 0
    this.left = 0
  }

  startLength(length: number): void {
    this.kind = length === 0 ? 'none' : 'length'
    this.left = length
    this.counted = 0
  }

  startChunked(): void {
    this.kind = 'chunked'
    this.chunks.start()
  }

  startUntilClose(): void {
    this.kind = 'until-close'
    this.counted = 0
  }

  /** The end was seen. An until-close body never says so. */
  get done(): boolean {
    if (this.kind === 'length') return this.left === 0
    return this.kind === 'chunked' ? this.chunks.done : this.kind === 'none'
  }

  /** The framing is broken: nothing after it can be trusted. */
  get bad(): boolean {
    return this.kind === 'chunked' && this.chunks.bad
  }

  /** Bytes of content so far, without framing. */
  get payload(): number {
    return this.kind === 'chunked' ? this.chunks.payload : this.counted
  }

  /** Where the body ends in `bytes`, or their length where it goes on. */
  consume(bytes: Buffer, from: number): number {
    switch (this.kind) {
      case 'none':
        return from
      case 'chunked':
        return this.chunks.consume(bytes, from)
      case 'until-close':
        this.counted += bytes.length - from
        return bytes.length
      default: {
        const taken = Math.min(this.left, bytes.length - from)
        this.left -= taken
        this.counted += taken
        return from + taken
      }
    }
  }
}
