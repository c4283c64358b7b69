import { NO_DEADLINE } from '../net/deadlines.ts'
import type { Transport, TransportOwner } from '../net/transport.ts'
import { CANCEL, CONNECT_ERROR, PROTOCOL_ERROR } from './error-code.ts'
import { Stream, type StreamFailure, type StreamUser } from './stream.ts'

/** Beyond it, who writes is to wait. */
const MOST_UNSENT = 64 * 1024

/** A stream that carries bytes of whatever kind, after CONNECT (RFC 9113 8.5). */
export class StreamTransport implements Transport, StreamUser {
  readonly deadline: number = NO_DEADLINE
  readonly connected = true
  readonly stream: Stream = new Stream(this)
  owner: TransportOwner
  private paused = false
  /** What came while nobody wanted more. */
  private owed = 0
  private full = false
  private ending = false
  private closed = false

  constructor(owner: TransportOwner) {
    this.owner = owner
  }

  get remoteAddress(): string {
    return this.stream.connection?.transport.remoteAddress ?? ''
  }

  get remotePort(): number {
    return this.stream.connection?.transport.remotePort ?? 0
  }

  get unsent(): number {
    return this.stream.queuedBytes
  }

  write(bytes: Buffer): boolean {
    const { stream } = this
    if (!stream.open || this.ending) return true
    stream.connection?.sender.send(stream, bytes, 0, bytes.length, false)
    this.full ||= stream.queuedBytes > MOST_UNSENT
    return !this.full
  }

  writeText(text: string): boolean {
    return this.write(Buffer.from(text, 'latin1'))
  }

  writeBoth(text: string, bytes: Buffer): boolean {
    return this.write(Buffer.concat([Buffer.from(text, 'latin1'), bytes]))
  }

  pause(): void {
    this.paused = true
  }

  resume(): void {
    this.paused = false
    const { owed, stream } = this
    this.owed = 0
    if (owed > 0) stream.connection?.credit(stream, owed)
  }

  end(): void {
    const { stream } = this
    if (!stream.open || this.ending) return
    this.ending = true
    stream.connection?.sender.send(stream, NOTHING, 0, 0, true)
    this.look('')
  }

  destroy(): void {
    this.stop(CANCEL)
  }

  reset(): void {
    this.stop(CONNECT_ERROR)
  }

  private stop(code: number): void {
    const { stream } = this
    stream.connection?.reset(stream, code)
    this.look('')
  }

  /** Whether that was all: who hears of it must not be in the middle of something. */
  private look(failure: string): void {
    if (this.stream.open || this.closed) return
    this.closed = true
    if (this.owed > 0) this.stream.connection?.creditConnection(this.owed)
    this.owed = 0
    setImmediate(() => this.owner.onClose(failure))
  }

  timeOut(): void {}

  onData(stream: Stream, bytes: Buffer, from: number, to: number, end: boolean): void {
    if (this.paused) this.owed += to - from
    else stream.connection?.credit(stream, to - from)
    if (to > from) this.owner.onData(bytes.subarray(from, to))
    if (end) this.owner.onEnd()
    this.look('')
  }

  /** Trailers have no place in a tunnel. */
  onFields(): void {
    this.stream.connection?.reset(this.stream, PROTOCOL_ERROR)
    this.look('ECONNRESET')
  }

  onSent(stream: Stream): void {
    if (this.full && stream.queuedBytes === 0) {
      this.full = false
      this.owner.onDrain()
    }
    this.look('')
  }

  onReset(): void {
    this.look('ECONNRESET')
  }

  onMalformed(): void {
    this.look('ECONNRESET')
  }

  onLost(_: Stream, failure: StreamFailure): void {
    this.look(failure === 'stopped' ? '' : 'ECONNRESET')
  }

  /** They came from nobody who would be owed anything on this connection. */
  onDropped(): void {}
}

const NOTHING = Buffer.alloc(0)
