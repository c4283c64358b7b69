import { COLON, CR, FIELD_VALUE, HEX_VALUE, LF, TOKEN } from './characters.ts'
import { ChunkExtension } from './chunk-extension.ts'

const SIZE = 0
const EXTENSION = 1
const SIZE_LF = 2
const DATA = 3
const DATA_CR = 4
const DATA_LF = 5
const TRAILER_START = 6
const TRAILER_NAME = 7
const TRAILER_VALUE = 8
const TRAILER_LF = 9
const LAST_LF = 10

const MOST_SIZE_DIGITS = 12
/** Over one message: trailers have no use that is longer. */
const MOST_TRAILER_BYTES = 16 * 1024

/** They tell where a message ends, and come too late for that: some programs believe them, others break off. */
const NEVER_TRAILERS = new Set(['content-length', 'transfer-encoding'])

const SEMICOLON = 59

/** Follows a chunked body (RFC 9112 7.1) to its end, strictly, without changing or keeping anything. */
export class ChunkedFraming {
  done = false
  bad = false
  /** Bytes of content so far, without the framing. */
  payload = 0

  private state = SIZE
  private size = 0
  private digits = 0
  private left = 0
  private readonly extension = new ChunkExtension()
  private trailerBytes = 0
  private trailerName = ''

  start(): void {
    this.done = false
    this.bad = false
    this.payload = 0
    this.state = SIZE
    this.size = 0
    this.digits = 0
    this.left = 0
    this.extension.reset()
    this.trailerBytes = 0
  }

  /** Where the body ends in `bytes`, or their length where it goes on. */
  consume(bytes: Buffer, from: number): number {
    let at = from
    const length = bytes.length
    while (at < length && !this.done && !this.bad) {
      if (this.state === DATA) {
        const taken = Math.min(this.left, length - at)
        this.payload += taken
        this.left -= taken
        at += taken
        if (this.left === 0) this.state = DATA_CR
      } else {
        this.step(bytes[at] ?? 0)
        at++
      }
    }
    return at
  }

  private step(byte: number): void {
    switch (this.state) {
      case SIZE:
        this.stepSize(byte)
        return
      case EXTENSION:
        this.stepExtension(byte)
        return
      case SIZE_LF:
        this.stepSizeEnd(byte)
        return
      case DATA_CR:
        this.expect(byte, CR, DATA_LF)
        return
      case DATA_LF:
        this.size = 0
        this.digits = 0
        this.expect(byte, LF, SIZE)
        return
      case LAST_LF:
        this.done = byte === LF
        this.bad = !this.done
        return
      default:
        this.stepTrailer(byte)
        return
    }
  }

  private expect(byte: number, wanted: number, next: number): void {
    if (byte === wanted) this.state = next
    else this.bad = true
  }

  private stepSize(byte: number): void {
    const digit = HEX_VALUE[byte] ?? -1
    if (digit >= 0) {
      this.size = this.size * 16 + digit
      if (++this.digits > MOST_SIZE_DIGITS) this.bad = true
    } else if (this.digits === 0) {
      this.bad = true
    } else if (byte === CR) {
      this.state = SIZE_LF
    } else if (byte === SEMICOLON) {
      this.state = EXTENSION
      this.extension.begin()
    } else {
      this.bad = true
    }
  }

  private stepExtension(byte: number): void {
    const step = this.extension.step(byte)
    if (step === 'end') this.state = SIZE_LF
    else if (step === 'bad') this.bad = true
  }

  private stepSizeEnd(byte: number): void {
    this.left = this.size
    this.expect(byte, LF, this.size === 0 ? TRAILER_START : DATA)
  }

  private stepTrailer(byte: number): void {
    if (++this.trailerBytes > MOST_TRAILER_BYTES) {
      this.bad = true
      return
    }
    if (this.state === TRAILER_LF) this.expect(byte, LF, TRAILER_START)
    else if (this.state === TRAILER_VALUE) this.stepTrailerValue(byte)
    else this.stepTrailerName(byte)
  }

  private stepTrailerName(byte: number): void {
    if (TOKEN[byte] === 1) {
      if (this.state === TRAILER_START) this.trailerName = ''
      this.trailerName += String.fromCharCode(byte)
      this.state = TRAILER_NAME
    } else if (byte === COLON && this.state === TRAILER_NAME) {
      this.state = TRAILER_VALUE
      this.bad = NEVER_TRAILERS.has(this.trailerName.toLowerCase())
    } else if (byte === CR && this.state === TRAILER_START) this.state = LAST_LF
    else this.bad = true
  }

  private stepTrailerValue(byte: number): void {
    if (byte === CR) this.state = TRAILER_LF
    else if (FIELD_VALUE[byte] !== 1) this.bad = true
  }
}
