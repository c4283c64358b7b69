import { Duplex } from 'node:stream'
import { RESET_STATUS, type ResetStatus } from './spdy-frame.ts'
import type { SpdyHeaders } from './spdy-headers.ts'

/** What a stream needs of its session. */
export interface SpdyStreamPort {
  /** Calls `done` when the connection takes more. */
  send(bytes: Buffer, fin: boolean, done: () => void): void
  reset(status: ResetStatus): void
  /** Whether the stream has room for more of what the client sends. */
  room(has: boolean): void
  /** The stream is over. */
  forget(): void
}

/** What one stream keeps of what was received and not read, before the whole connection has to wait. */
const KEPT_BYTES = 65_536

const EMPTY = Buffer.alloc(0)

/**
 * One stream of a session, opened by the client. `end()` closes this end only. Destroyed before both ends are closed, it
 * is reset. Never emits 'error' by itself: reset by the client or cut off, it emits 'close' without 'end'.
 */
export class SpdyStream extends Duplex {
  readonly id: number
  readonly headers: SpdyHeaders
  readonly #port: SpdyStreamPort
  #receivedAll = false
  #silent = false

  constructor(id: number, headers: SpdyHeaders, port: SpdyStreamPort) {
    super({ readableHighWaterMark: KEPT_BYTES, writableHighWaterMark: KEPT_BYTES })
    this.id = id
    this.headers = headers
    this.#port = port
  }

  /** False: the client has closed its end before. */
  receive(bytes: Buffer, fin: boolean): boolean {
    if (this.#receivedAll) return false
    if (bytes.length > 0 && !this.destroyed && !this.push(bytes)) this.#port.room(false)
    if (fin) {
      this.#receivedAll = true
      this.push(null)
      this.#port.room(true)
    }
    return true
  }

  /** The client knows already, or cannot be told. */
  abandon(): void {
    this.#silent = true
    this.destroy()
  }

  override _read(): void {
    this.#port.room(true)
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#port.send(chunk, false, done)
  }

  override _final(done: () => void): void {
    this.#port.send(EMPTY, true, done)
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    const complete = this.#receivedAll && this.writableFinished
    if (!complete && !this.#silent)
      this.#port.reset(error === null ? RESET_STATUS.cancel : RESET_STATUS.internalError)
    this.#port.forget()
    done(null)
  }
}
