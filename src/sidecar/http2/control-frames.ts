import {
  CONNECTION_FAULTS,
  type ConnectionFault,
  FLOW_CONTROL_ERROR,
  FRAME_SIZE_ERROR,
  PROTOCOL_ERROR,
  STREAM_CLOSED,
} from './error-code.ts'
import * as Frame from './frame.ts'
import { readSettings, type SettingsUser } from './settings.ts'
import type { Stream } from './stream.ts'
import { StreamTable } from './stream-table.ts'

/** Takes the frames that carry nothing of a message; each gives back what is wrong with it for the whole connection. */
export abstract class ControlFrames extends StreamTable implements SettingsUser {
  protected abstract readonly fromServer: boolean
  protected abstract now(): number
  protected abstract isIdle(id: number): boolean
  protected abstract onGoAway(lastId: number, code: number): void
  protected abstract onPingAck(bytes: Buffer, from: number): void
  abstract onMostStreams(most: number): void

  /** The other side broke a rule on this stream: by that it can make us reset as many as by resetting them. */
  protected spoil(stream: Stream, code: number): ConnectionFault | undefined {
    this.reset(stream, code)
    stream.user.onMalformed(stream)
    return this.fromServer ? undefined : this.guard.onReset(this.now())
  }

  protected takeReset(id: number, bytes: Buffer, from: number, to: number): ConnectionFault | undefined {
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

  protected takeSettings(
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

  protected takePing(
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

  protected takeGoAway(id: number, bytes: Buffer, from: number, to: number): ConnectionFault | undefined {
    if (id !== 0) return CONNECTION_FAULTS.streamId
    if (to - from < 8) return CONNECTION_FAULTS.length
    this.onGoAway(bytes.readUInt32BE(from) & Frame.LARGEST_STREAM_ID, bytes.readUInt32BE(from + 4))
    return this.guard.onStray(this.now())
  }

  protected takePriority(id: number, length: number): ConnectionFault | undefined {
    if (id === 0) return CONNECTION_FAULTS.streamId
    if (length !== 5) {
      const stream = this.streams.get(id)
      return stream === undefined ? CONNECTION_FAULTS.length : this.spoil(stream, FRAME_SIZE_ERROR)
    }
    return this.guard.onStray(this.now())
  }

  protected takeWindowUpdate(
    id: number,
    bytes: Buffer,
    from: number,
    to: number,
  ): ConnectionFault | undefined {
    if (to - from !== 4) return CONNECTION_FAULTS.length
    const increment = bytes.readUInt32BE(from) & Frame.LARGEST_WINDOW
    const stream = id === 0 ? undefined : this.streams.get(id)
    if (id === 0) {
      if (increment === 0) return CONNECTION_FAULTS.windowIncrement
      if (!this.sender.widen(increment)) return CONNECTION_FAULTS.window
    } else if (stream === undefined) {
      if (this.isIdle(id)) return CONNECTION_FAULTS.idleStream
    } else if (increment === 0) {
      return this.spoil(stream, PROTOCOL_ERROR)
    } else if (!this.sender.widenStream(stream, increment)) {
      return this.spoil(stream, FLOW_CONTROL_ERROR)
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

  /** A frame for a stream whose other side has ended it, or that is over. */
  protected stray(id: number, stream: Stream | undefined): ConnectionFault | undefined {
    if (stream === undefined && this.isIdle(id)) return CONNECTION_FAULTS.idleStream
    if (stream !== undefined) return this.spoil(stream, STREAM_CLOSED)
    if (this.closed.how(id) !== 'reset') this.output.reset(id, STREAM_CLOSED)
    return this.guard.onStray(this.now()) ?? this.answered()
  }
}
