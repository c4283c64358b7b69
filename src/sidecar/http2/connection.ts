import type { TransportOwner } from '../net/transport.ts'
import { ControlFrames } from './control-frames.ts'
import { CONNECTION_FAULTS, type ConnectionFault, FLOW_CONTROL_ERROR, PROTOCOL_ERROR } from './error-code.ts'
import * as Frame from './frame.ts'
import { type FrameHandler, FrameReader } from './frame-reader.ts'
import { HeaderBlock } from './header-block.ts'
import { HpackDecoder } from './hpack/decoder.ts'
import { FieldList } from './hpack/field-list.ts'
import type { Stream } from './stream.ts'

/** Trailers and heads of responses are used up before the next block is read, on whatever connection. */
const scratchFields = new FieldList()
/**
 * One HTTP/2 connection (RFC 9113), whichever side opened it: reads its frames, and knows the rules about them. What
 * streams mean is for their users.
 */
export abstract class Connection extends ControlFrames implements TransportOwner, FrameHandler {
  protected readonly reader: FrameReader = new FrameReader(this)
  private readonly decoder = new HpackDecoder()
  private readonly block = new HeaderBlock()
  private settled = false

  /** Where the block of a stream that is not open goes; undefined: into the common list. */
  protected abstract listFor(id: number): FieldList | undefined
  /** A block for a stream that is not open. */
  protected abstract onFirstFields(id: number, fields: FieldList, end: boolean): ConnectionFault | undefined
  /** The other side broke the rules of the connection: it ends. */
  protected abstract onFault(fault: ConnectionFault): void
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
      return this.spoil(stream, FLOW_CONTROL_ERROR)
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
      return this.spoil(stream, PROTOCOL_ERROR)
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
      return this.onFirstFields(id, fields, end)
    }
    if (stream === undefined || stream.receiveEnded) return this.strayFields(id, stream)
    if (fields.overflow !== '') {
      return this.spoil(stream, PROTOCOL_ERROR)
    }
    if (end && stream.expected >= 0 && stream.received !== stream.expected) {
      return this.spoil(stream, PROTOCOL_ERROR)
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

  /** The other side speaks HTTP/2: its SETTINGS came. */
  protected get greeted(): boolean {
    return this.settled
  }
}
