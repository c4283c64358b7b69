import type { Transport } from '../net/transport.ts'
import { AbuseGuard } from './abuse-guard.ts'
import { ClosedStreams } from './closed-streams.ts'
import { DataSender } from './data-sender.ts'
import * as Frame from './frame.ts'
import { FrameOutput } from './frame-output.ts'
import { HpackEncoder } from './hpack/encoder.ts'
import type { FieldList } from './hpack/field-list.ts'
import { CONNECTION_WINDOW, STREAM_WINDOW } from './settings.ts'
import type { Stream, StreamConnection, StreamFailure } from './stream.ts'

/** Beside the fields, a block may begin with two changes of the table's size. */
const BLOCK_EXTRA = Frame.FRAME_HEAD_BYTES + 16

/** The open streams of a connection, what is sent on them, and what the other side may send. */
export abstract class StreamTable implements StreamConnection {
  readonly transport: Transport
  readonly sender: DataSender
  heard = 0
  protected readonly output: FrameOutput
  protected readonly streams: Map<number, Stream> = new Map()
  protected readonly closed: ClosedStreams = new ClosedStreams()
  protected readonly guard: AbuseGuard
  protected readonly encoder: HpackEncoder = new HpackEncoder()
  /** What the other side may still send on all streams together. */
  protected receiveWindow: number = CONNECTION_WINDOW
  /** Nothing more is read or written. */
  protected over = false
  private blockFrom = 0
  private toCredit = 0

  constructor(transport: Transport, nowMillis: number) {
    this.transport = transport
    this.guard = new AbuseGuard(nowMillis)
    this.output = new FrameOutput(transport)
    this.sender = new DataSender(this.output, {
      writeTrailers: (stream, fields) => this.writeTrailers(stream, fields),
      onSendEnded: stream => this.halfEnded(stream),
    })
  }

  /** A stream is over; the connection has forgotten it. */
  protected abstract onStreamGone(): void

  /** Says what we allow; the window of a connection is only changed by this frame. */
  protected greet(settings: readonly (readonly [number, number])[]): void {
    this.output.settings(settings)
    this.output.windowUpdate(0, CONNECTION_WINDOW - Frame.USUAL_WINDOW)
  }

  protected openStream(stream: Stream, id: number): void {
    stream.connection = this
    stream.id = id
    stream.open = true
    stream.receiveWindow = STREAM_WINDOW
    this.sender.begin(stream)
    this.streams.set(id, stream)
  }

  beginFields(bound: number): HpackEncoder {
    this.output.reserve(BLOCK_EXTRA + bound)
    this.blockFrom = this.output.at
    this.encoder.begin(this.output.bytes, this.blockFrom + Frame.FRAME_HEAD_BYTES)
    return this.encoder
  }

  endFields(stream: Stream, end: boolean): void {
    this.output.at = this.encoder.at
    this.output.headers(stream.id, this.blockFrom, end, this.sender.largestFrame)
    if (!end) return
    stream.sendEnded = true
    this.halfEnded(stream)
  }

  sendTrailers(stream: Stream, fields: FieldList): void {
    this.sender.trailers(stream, fields)
  }

  private writeTrailers(stream: Stream, fields: FieldList): void {
    const encoder = this.beginFields(fields.size)
    encoder.writeAll(fields)
    this.output.at = encoder.at
    this.output.headers(stream.id, this.blockFrom, true, this.sender.largestFrame)
  }

  credit(stream: Stream, bytes: number): void {
    this.creditConnection(bytes)
    this.creditStream(stream, bytes)
  }

  creditStream(stream: Stream, bytes: number): void {
    if (stream.receiveEnded || !stream.open) return
    stream.toCredit += bytes
    if (stream.toCredit < STREAM_WINDOW / 2) return
    this.output.windowUpdate(stream.id, stream.toCredit)
    stream.receiveWindow += stream.toCredit
    stream.toCredit = 0
  }

  creditConnection(bytes: number): void {
    this.toCredit += bytes
    if (this.toCredit < CONNECTION_WINDOW / 2 || this.over) return
    this.output.windowUpdate(0, this.toCredit)
    this.receiveWindow += this.toCredit
    this.toCredit = 0
  }

  reset(stream: Stream, code: number): void {
    if (!stream.open) return
    this.output.reset(stream.id, code)
    this.forget(stream, true)
  }

  protected receiveEnded(stream: Stream): void {
    stream.receiveEnded = true
    this.halfEnded(stream)
  }

  private halfEnded(stream: Stream): void {
    if (!stream.receiveEnded || !stream.sendEnded) return
    this.guard.onUse()
    this.forget(stream, false)
  }

  protected forget(stream: Stream, weReset: boolean): void {
    if (!stream.open) return
    stream.open = false
    this.streams.delete(stream.id)
    this.closed.add(stream.id, weReset)
    const { queuedBytes } = stream
    stream.clearQueue()
    if (queuedBytes > 0) stream.user.onDropped(stream, queuedBytes)
    this.onStreamGone()
  }

  /** The stream is over for us; nothing is said about it. */
  protected abandon(stream: Stream): void {
    this.forget(stream, true)
  }

  /** Tells their users. What one of them does may concern another, which then needs not be told any more. */
  protected tellLost(streams: readonly Stream[], failure: StreamFailure): void {
    for (const stream of streams) if (stream.connection === this) stream.user.onLost(stream, failure)
  }

  /** Resets nothing and says nothing: the connection is gone, its streams are taken from it. */
  protected takeStreams(): Stream[] {
    const streams = [...this.streams.values()]
    this.streams.clear()
    for (const stream of streams) {
      const { queuedBytes } = stream
      stream.open = false
      stream.clearQueue()
      if (queuedBytes > 0) stream.user.onDropped(stream, queuedBytes)
    }
    return streams
  }
}
