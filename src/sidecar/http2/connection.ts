import type { Transport, TransportOwner } from '../net/transport.ts'
import { AbuseGuard } from './abuse-guard.ts'
import { ClosedStreams } from './closed-streams.ts'
import { DataSender } from './data-sender.ts'
import {
  CONNECTION_FAULTS,
  type ConnectionFault,
  FLOW_CONTROL_ERROR,
  FRAME_SIZE_ERROR,
  PROTOCOL_ERROR,
  STREAM_CLOSED,
} from './error-code.ts'
import * as Frame from './frame.ts'
import { FrameOutput } from './frame-output.ts'
import { type FrameHandler, FrameReader } from './frame-reader.ts'
import { HeaderBlock } from './header-block.ts'
import { HpackDecoder } from './hpack/decoder.ts'
import { HpackEncoder } from './hpack/encoder.ts'
import { FieldList } from './hpack/field-list.ts'
import { CONNECTION_WINDOW, readSettings, type SettingsUser, STREAM_WINDOW } from './settings.ts'
import type { Stream } from './stream.ts'
import type { StreamConnection } from './stream-connection.ts'

/** Trailers and heads of responses are used up before the next block is read, on whatever connection. */
const scratchFields = new FieldList()
/** Beside the fields, a block may begin with two changes of the table's size. */
const BLOCK_EXTRA = Frame.FRAME_HEAD_BYTES + 16

/**
 * One HTTP/2 connection (RFC 9113), whichever side opened it: frames, header blocks, windows, and the rules about
 * them. What streams mean is for their users.
 */
export abstract class Connection implements TransportOwner, FrameHandler, StreamConnection, SettingsUser {
  readonly transport: Transport
  readonly sender: DataSender
  heard = 0
  protected readonly output: FrameOutput
  protected readonly streams: Map<number, Stream> = new Map()
  protected readonly guard: AbuseGuard
  /** Nothing more is read or written. */
  protected over = false
  protected readonly reader: FrameReader = new FrameReader(this)
  private readonly decoder = new HpackDecoder()
  private readonly encoder = new HpackEncoder()
  private readonly block = new HeaderBlock()
  private readonly closed = new ClosedStreams()
  private blockFrom = 0
  private settled = false
  private receiveWindow = CONNECTION_WINDOW
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

  protected abstract readonly fromServer: boolean
  protected abstract now(): number
  /** Where the block of a stream that is not open goes; undefined: into the common list. */
  protected abstract listFor(id: number): FieldList | undefined
  /** A block for a stream that is not open. */
  protected abstract onFirstFields(id: number, fields: FieldList, end: boolean): void
  protected abstract isIdle(id: number): boolean
  protected abstract onGoAway(lastId: number, code: number): void
  protected abstract onPingAck(bytes: Buffer, from: number): void
  /** The stream is over; the connection has forgotten it. */
  protected abstract onStreamGone(): void
  /** The other side broke the rules of the connection: it ends. */
  protected abstract onFault(fault: ConnectionFault): void
  abstract onMostStreams(most: number): void
  abstract onConnect(): void
  abstract onEnd(): void
  abstract onClose(failure: string): void

  onData(bytes: Buffer): void {
    if (!this.over) this.reader.read(bytes, 0)
  }

  onDrain(): void {
    this.output.clogged = false
    this.guard.onRead()
    if (!this.over) this.sender.pump()
  }

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

  onFrameTooLarge(): void {
    this.onFault(CONNECTION_FAULTS.frameSize)
  }

  onFrame(type: number, flags: number, id: number, bytes: Buffer, from: number, to: number): boolean {
    this.heard++
    const fault = this.take(type, flags, id, bytes, from, to)
    if (fault !== undefined && !this.over) this.onFault(fault)
    return !this.over
  }

  private take(
    type: number,
    flags: number,
    id: number,
    bytes: Buffer,
    from: number,
    to: number,
  ): ConnectionFault | undefined {
    if (this.block.id !== 0 && type !== Frame.CONTINUATION) return CONNECTION_FAULTS.blockOpen
    if (!this.settled) {
      if (type !== Frame.SETTINGS || (flags & Frame.ACK) !== 0) return CONNECTION_FAULTS.firstFrame
      this.settled = true
    }
    switch (type) {
      case Frame.DATA:
        return this.takeData(flags, id, bytes, from, to)
      case Frame.HEADERS:
        return this.takeHeaders(flags, id, bytes, from, to)
      case Frame.CONTINUATION:
        return this.takeContinuation(flags, id, bytes, from, to)
      case Frame.RST_STREAM:
        return this.takeReset(id, bytes, from, to)
      case Frame.SETTINGS:
        return this.takeSettings(flags, id, bytes, from, to)
      case Frame.PING:
        return this.takePing(flags, id, bytes, from, to)
      case Frame.GOAWAY:
        return this.takeGoAway(id, bytes, from, to)
      case Frame.WINDOW_UPDATE:
        return this.takeWindowUpdate(id, bytes, from, to)
      case Frame.PUSH_PROMISE:
        return CONNECTION_FAULTS.push
      case Frame.PRIORITY:
        return this.takePriority(id, to - from)
      default:
        return this.guard.onStray(this.now())
    }
  }

  private takeData(
    flags: number,
    id: number,
    bytes: Buffer,
    from: number,
    to: number,
  ): ConnectionFault | undefined {
    if (id === 0) return CONNECTION_FAULTS.streamId
    const length = to - from
    if (length > this.receiveWindow) return CONNECTION_FAULTS.flowControl
    this.receiveWindow -= length
    const stream = this.streams.get(id)
    if (stream === undefined || stream.receiveEnded) {
      this.creditConnection(length)
      return this.stray(id, stream)
    }
    let dataFrom = from
    let dataTo = to
    if ((flags & Frame.PADDED) !== 0) {
      const padding = bytes[from] ?? 0
      if (padding >= length) return CONNECTION_FAULTS.padding
      dataFrom++
      dataTo -= padding
    }
    if (length > stream.receiveWindow) {
      this.creditConnection(length)
      this.spoil(stream, FLOW_CONTROL_ERROR)
      return undefined
    }
    stream.receiveWindow -= length
    const end = (flags & Frame.END_STREAM) !== 0
    const payload = dataTo - dataFrom
    if (payload < length) this.credit(stream, length - payload)
    stream.received += payload
    if (
      stream.expected >= 0 &&
      (stream.received > stream.expected || (end && stream.received !== stream.expected))
    ) {
      this.creditConnection(payload)
      this.spoil(stream, PROTOCOL_ERROR)
      return undefined
    }
    if (end) this.receiveEnded(stream)
    if (payload > 0) this.guard.onData()
    stream.user.onData(stream, bytes, dataFrom, dataTo, end)
    return payload === 0 && !end ? this.guard.onEmptyData(this.now()) : undefined
  }

  private takeHeaders(
    flags: number,
    id: number,
    bytes: Buffer,
    from: number,
    to: number,
  ): ConnectionFault | undefined {
    if (id === 0) return CONNECTION_FAULTS.streamId
    let blockFrom = from
    let blockTo = to
    if ((flags & Frame.PADDED) !== 0) {
      blockTo -= bytes[from] ?? 0
      blockFrom++
    }
    if ((flags & Frame.HAS_PRIORITY) !== 0) blockFrom += 5
    if (blockFrom > blockTo) return blockFrom > to ? CONNECTION_FAULTS.length : CONNECTION_FAULTS.padding
    const end = (flags & Frame.END_STREAM) !== 0
    if ((flags & Frame.END_HEADERS) !== 0) return this.takeBlock(id, end, bytes, blockFrom, blockTo)
    this.block.begin(id, end, bytes.subarray(blockFrom, blockTo))
    return undefined
  }

  private takeContinuation(
    flags: number,
    id: number,
    bytes: Buffer,
    from: number,
    to: number,
  ): ConnectionFault | undefined {
    if (this.block.id === 0 || this.block.id !== id) return CONNECTION_FAULTS.continuation
    if (!this.block.append(bytes.subarray(from, to))) return CONNECTION_FAULTS.continuationFlood
    if ((flags & Frame.END_HEADERS) === 0) return undefined
    const { end } = this.block
    const whole = this.block.take()
    return this.takeBlock(id, end, whole, 0, whole.length)
  }

  /** Blocks are decoded whatever they are for: the table must stay the same on both sides. */
  private takeBlock(
    id: number,
    end: boolean,
    bytes: Buffer,
    from: number,
    to: number,
  ): ConnectionFault | undefined {
    const stream = this.streams.get(id)
    const fields = (stream === undefined ? this.listFor(id) : undefined) ?? scratchFields
    fields.clear()
    if (!this.decoder.decode(bytes, from, to, fields)) return CONNECTION_FAULTS.compression
    if (stream === undefined && this.opens(id)) {
      this.onFirstFields(id, fields, end)
      return undefined
    }
    if (stream === undefined || stream.receiveEnded) return this.strayFields(id, stream)
    if (fields.overflow !== '') {
      this.spoil(stream, PROTOCOL_ERROR)
      return undefined
    }
    if (end && stream.expected >= 0 && stream.received !== stream.expected) {
      this.spoil(stream, PROTOCOL_ERROR)
      return undefined
    }
    if (end) this.receiveEnded(stream)
    stream.user.onFields(stream, fields, end)
    return undefined
  }

  protected abstract opens(id: number): boolean

  private strayFields(id: number, stream: Stream | undefined): ConnectionFault | undefined {
    if (stream !== undefined || !this.isIdle(id)) {
      const how = this.closed.how(id)
      if (stream === undefined && how === 'unknown') return CONNECTION_FAULTS.streamId
      return this.stray(id, stream)
    }
    return CONNECTION_FAULTS.idleStream
  }

  /** A frame for a stream whose other side has ended it, or that is over. */
  private stray(id: number, stream: Stream | undefined): ConnectionFault | undefined {
    if (stream === undefined && this.isIdle(id)) return CONNECTION_FAULTS.idleStream
    if (stream !== undefined) this.spoil(stream, STREAM_CLOSED)
    else if (this.closed.how(id) !== 'reset') this.output.reset(id, STREAM_CLOSED)
    return this.guard.onStray(this.now()) ?? this.answered()
  }

  private takeReset(id: number, bytes: Buffer, from: number, to: number): ConnectionFault | undefined {
    if (id === 0) return CONNECTION_FAULTS.streamId
    if (to - from !== 4) return CONNECTION_FAULTS.length
    const stream = this.streams.get(id)
    if (stream === undefined) {
      return this.isIdle(id) ? CONNECTION_FAULTS.idleStream : this.guard.onStray(this.now())
    }
    this.forget(stream, false)
    stream.user.onReset(stream, bytes.readUInt32BE(from))
    return this.fromServer ? undefined : this.guard.onReset(this.now())
  }

  private takeSettings(
    flags: number,
    id: number,
    bytes: Buffer,
    from: number,
    to: number,
  ): ConnectionFault | undefined {
    if (id !== 0) return CONNECTION_FAULTS.streamId
    if ((flags & Frame.ACK) !== 0) return from === to ? undefined : CONNECTION_FAULTS.length
    const fault = readSettings(bytes, from, to, { user: this, fromServer: this.fromServer })
    if (fault !== undefined) return fault
    this.output.settingsAck()
    return this.guard.onSettings(this.now()) ?? this.answered()
  }

  private takePing(
    flags: number,
    id: number,
    bytes: Buffer,
    from: number,
    to: number,
  ): ConnectionFault | undefined {
    if (id !== 0) return CONNECTION_FAULTS.streamId
    if (to - from !== 8) return CONNECTION_FAULTS.length
    if ((flags & Frame.ACK) !== 0) {
      this.onPingAck(bytes, from)
      return undefined
    }
    this.output.ping(bytes, from, true)
    return this.guard.onPing(this.now()) ?? this.answered()
  }

  /** Answers pile up where the other side asks and does not read. */
  private answered(): ConnectionFault | undefined {
    return this.output.clogged ? this.guard.onUnread() : undefined
  }

  private takeGoAway(id: number, bytes: Buffer, from: number, to: number): ConnectionFault | undefined {
    if (id !== 0) return CONNECTION_FAULTS.streamId
    if (to - from < 8) return CONNECTION_FAULTS.length
    this.onGoAway(bytes.readUInt32BE(from) & Frame.LARGEST_STREAM_ID, bytes.readUInt32BE(from + 4))
    return this.guard.onStray(this.now())
  }

  private takePriority(id: number, length: number): ConnectionFault | undefined {
    if (id === 0) return CONNECTION_FAULTS.streamId
    if (length !== 5) {
      const stream = this.streams.get(id)
      if (stream === undefined) return CONNECTION_FAULTS.length
      this.spoil(stream, FRAME_SIZE_ERROR)
    }
    return this.guard.onStray(this.now())
  }

  private takeWindowUpdate(id: number, bytes: Buffer, from: number, to: number): ConnectionFault | undefined {
    if (to - from !== 4) return CONNECTION_FAULTS.length
    const increment = bytes.readUInt32BE(from) & Frame.LARGEST_WINDOW
    const stream = id === 0 ? undefined : this.streams.get(id)
    if (id === 0) {
      if (increment === 0) return CONNECTION_FAULTS.windowIncrement
      if (!this.sender.widen(increment)) return CONNECTION_FAULTS.window
    } else if (stream === undefined) {
      if (this.isIdle(id)) return CONNECTION_FAULTS.idleStream
    } else if (increment === 0) {
      this.spoil(stream, PROTOCOL_ERROR)
    } else if (!this.sender.widenStream(stream, increment)) {
      this.spoil(stream, FLOW_CONTROL_ERROR)
    }
    return this.guard.onWindowUpdate(this.now())
  }

  onTableSize(size: number): void {
    this.encoder.setLimit(size)
  }

  onInitialWindow(size: number): boolean {
    return this.sender.setInitialWindow(size, this.streams.values())
  }

  onLargestFrame(size: number): void {
    this.sender.largestFrame = size
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
    for (let at = 0; at < fields.count; at++) {
      const field = fields.fields[at]
      if (field !== undefined) encoder.write(field)
    }
    this.output.at = encoder.at
    this.output.headers(stream.id, this.blockFrom, true, this.sender.largestFrame)
  }

  credit(stream: Stream, bytes: number): void {
    this.creditConnection(bytes)
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

  /** The other side broke a rule on this stream. */
  private spoil(stream: Stream, code: number): void {
    this.reset(stream, code)
    stream.user.onMalformed(stream)
  }

  private receiveEnded(stream: Stream): void {
    stream.receiveEnded = true
    this.halfEnded(stream)
  }

  private halfEnded(stream: Stream): void {
    if (!stream.receiveEnded || !stream.sendEnded) return
    this.guard.onUse()
    this.forget(stream, false)
  }

  private forget(stream: Stream, weReset: boolean): void {
    if (!stream.open) return
    stream.open = false
    this.streams.delete(stream.id)
    this.closed.add(stream.id, weReset)
    const { queuedBytes } = stream
    stream.clearQueue()
    if (queuedBytes > 0) stream.user.onDropped(stream, queuedBytes)
    this.onStreamGone()
  }

  /** The other side speaks HTTP/2: its SETTINGS came. */
  protected get greeted(): boolean {
    return this.settled
  }

  /** The stream is over for us; nothing is said about it. */
  protected abandon(stream: Stream): void {
    this.forget(stream, true)
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
