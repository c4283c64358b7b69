import type { Duplex } from 'node:stream'
import { errorFields, type Logger } from '../../runtime/logger.ts'
import { SpdyDecoder } from './spdy-decoder.ts'
import { SpdyEncoder } from './spdy-encoder.ts'
import {
  GOAWAY_STATUS,
  RESET_STATUS,
  type ResetStatus,
  type SpdyFrame,
  type SpdyOpeningFrame,
} from './spdy-frame.ts'
import { SpdyStream, type SpdyStreamPort } from './spdy-stream.ts'

export interface SpdySessionOptions {
  /** The bytes, below. The session ends it. */
  readonly link: Duplex
  readonly logger: Logger
  /** A client opened a stream. False: it is refused, and reset. */
  readonly accept: (stream: SpdyStream) => boolean
  /** Something other than pings went over the link. */
  readonly used: () => void
  /** Once, when nothing goes over the link any more. All streams are destroyed by then. */
  readonly closed: () => void
  readonly mostStreams: number
  /** See `finish`. */
  readonly lingerMillis: number
}

const NO_HEADERS = new Map<string, string>()
const NOTHING = Buffer.alloc(0)
/** The connection itself, among the ids of streams. */
const CONNECTION = 0

/**
 * The server's end of SPDY/3.1 as Kubernetes uses it: only clients open streams, and the
 * windows of SPDY/3 are not counted, since the clients' library (moby/spdystream) never grants any. In their place the
 * whole connection waits as long as one stream has no room, as in the servers that are written with that library.
 */
export class SpdySession {
  readonly #options: SpdySessionOptions
  readonly #link: Duplex
  readonly #encoder: SpdyEncoder = new SpdyEncoder()
  readonly #decoder: SpdyDecoder = new SpdyDecoder()
  readonly #streams: Map<number, SpdyStream> = new Map()
  readonly #full: Set<number> = new Set()
  #waiting: (() => void)[] = []
  #lastStreamId = 0
  #lastPingId = 0
  #leaving = false
  #closed = false
  #linger: NodeJS.Timeout | undefined

  constructor(options: SpdySessionOptions) {
    this.#options = options
    this.#link = options.link
    this.#link.on('data', (bytes: Buffer) => this.#receive(bytes))
    this.#link.on('drain', () => this.#drained())
    for (const end of ['end', 'error', 'close']) this.#link.on(end, () => this.close())
  }

  /** Tells a peer that is gone from one that is silent: writing to the former fails. */
  ping(): void {
    if (this.#closed || this.#link.writableNeedDrain) return
    this.#lastPingId = (this.#lastPingId + 2) & 0x7fffffff
    this.#send({ type: 'ping', id: this.#lastPingId })
  }

  /**
   * All was said. The client gets the time to read it and to close: its library drops what it has not handled yet when
   * the connection ends.
   */
  finish(): void {
    if (this.#closed || this.#linger !== undefined) return
    this.#linger = setTimeout(() => {
      this.#goAway(GOAWAY_STATUS.ok)
      this.#linger = setTimeout(() => this.close(), this.#options.lingerMillis)
      this.#link.end()
    }, this.#options.lingerMillis)
  }

  /** Cuts the link and all streams. */
  close(): void {
    if (this.#closed) return
    this.#closed = true
    clearTimeout(this.#linger)
    for (const stream of [...this.#streams.values()]) stream.abandon()
    this.#drained()
    this.#link.destroy()
    this.#options.closed()
  }

  #receive(bytes: Buffer): void {
    try {
      for (const frame of this.#decoder.decode(bytes)) {
        if (this.#closed) return
        this.#handle(frame)
      }
    } catch (error) {
      this.#options.logger.debug('a SPDY connection was broken off', errorFields(error))
      this.#goAway(GOAWAY_STATUS.protocolError)
      this.close()
    }
  }

  #handle(frame: SpdyFrame): void {
    if (frame.type !== 'ping') this.#options.used()
    switch (frame.type) {
      case 'syn-stream':
        this.#open(frame)
        break
      case 'data':
        this.#take(frame.streamId, frame.bytes, frame.fin)
        break
      case 'headers':
        this.#take(frame.streamId, NOTHING, frame.fin)
        break
      case 'rst-stream':
        this.#streams.get(frame.streamId)?.abandon()
        break
      case 'ping':
        // Odd ids are those of the client; the others answer those sent from here.
        if (frame.id % 2 === 1) this.#answer(frame)
        break
      case 'goaway':
        this.#leaving = true
        this.#closeIfLeft()
    }
  }

  #open(frame: SpdyOpeningFrame): void {
    const { streamId, headers } = frame
    const refusal = this.#refusalOf(frame)
    if (refusal !== RESET_STATUS.protocolError) this.#lastStreamId = streamId
    if (refusal !== undefined) {
      this.#reset(streamId, refusal)
      return
    }
    const stream = new SpdyStream(streamId, headers, this.#portFor(streamId))
    this.#streams.set(streamId, stream)
    // The answer goes out before whatever is written on the stream by those who accept it.
    this.#answer({ type: 'syn-reply', streamId, fin: false, headers: NO_HEADERS })
    if (!this.#options.accept(stream)) stream.destroy()
    else if (frame.fin) stream.receive(NOTHING, true)
  }

  #refusalOf({ streamId, unidirectional }: SpdyOpeningFrame): ResetStatus | undefined {
    if (streamId % 2 === 0 || streamId <= this.#lastStreamId) return RESET_STATUS.protocolError
    const full = this.#streams.size >= this.#options.mostStreams
    return this.#leaving || unidirectional || full ? RESET_STATUS.refusedStream : undefined
  }

  #take(streamId: number, bytes: Buffer, fin: boolean): void {
    const stream = this.#streams.get(streamId)
    if (stream !== undefined) {
      if (!stream.receive(bytes, fin)) this.#reset(streamId, RESET_STATUS.streamAlreadyClosed)
    } else if (streamId > this.#lastStreamId) {
      this.#reset(streamId, RESET_STATUS.invalidStream)
    }
    // Else it is of a stream that was closed here while this was under way.
  }

  #portFor(streamId: number): SpdyStreamPort {
    return {
      send: (bytes, fin, done) => {
        this.#options.used()
        if (this.#send({ type: 'data', streamId, fin, bytes })) done()
        else this.#waiting.push(done)
      },
      reset: status => this.#reset(streamId, status),
      room: has => this.#setRoom(streamId, has),
      forget: () => {
        this.#streams.delete(streamId)
        this.#setRoom(streamId, true)
        this.#closeIfLeft()
      },
    }
  }

  #setRoom(streamId: number, has: boolean): void {
    if (has) this.#full.delete(streamId)
    else this.#full.add(streamId)
    if (this.#full.size > 0) this.#link.pause()
    else if (this.#link.isPaused()) this.#link.resume()
  }

  #reset(streamId: number, status: ResetStatus): void {
    this.#answer({ type: 'rst-stream', streamId, status })
  }

  #goAway(status: number): void {
    this.#leaving = true
    this.#send({ type: 'goaway', lastStreamId: this.#lastStreamId, status })
  }

  /** Who makes the server answer has to take the answers, or is no longer listened to: they would pile up here. */
  #answer(frame: SpdyFrame): void {
    if (!this.#send(frame)) this.#setRoom(CONNECTION, false)
  }

  /** False: the link takes no more for now. */
  #send(frame: SpdyFrame): boolean {
    if (this.#closed || !this.#link.writable) return true
    return this.#link.write(this.#encoder.encode(frame))
  }

  #drained(): void {
    this.#setRoom(CONNECTION, true)
    const waiting = this.#waiting
    this.#waiting = []
    for (const done of waiting) done()
  }

  /** A client that said goodbye waits for its streams to end, then closes. */
  #closeIfLeft(): void {
    if (this.#leaving && this.#streams.size === 0) this.finish()
  }
}
