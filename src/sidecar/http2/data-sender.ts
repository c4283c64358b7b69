import { LARGEST_FRAME, LARGEST_WINDOW, USUAL_WINDOW } from './frame.ts'
import type { FrameOutput } from './frame-output.ts'
import type { FieldList } from './hpack/field-list.ts'
import type { Stream, StreamSender } from './stream.ts'

/** What the sender cannot do alone. */
export interface SenderHost {
  writeTrailers(stream: Stream, fields: FieldList): void
  /** Its last frame was written. */
  onSendEnded(stream: Stream): void
}

/**
 * Sends DATA within the windows of the other side (RFC 9113 5.2) and as far as it reads. What cannot go yet is
 * queued on its stream, the end and trailers behind it; streams take turns, a frame each.
 */
export class DataSender implements StreamSender {
  window: number = USUAL_WINDOW
  largestFrame: number = LARGEST_FRAME
  private initialWindow = USUAL_WINDOW
  private readonly output: FrameOutput
  private readonly host: SenderHost
  private line: Stream[] = []

  constructor(output: FrameOutput, host: SenderHost) {
    this.output = output
    this.host = host
  }

  begin(stream: Stream): void {
    stream.sendWindow = this.initialWindow
  }

  send(stream: Stream, bytes: Buffer, from: number, to: number, end: boolean): number {
    let at = from
    if (stream.queue.length === 0) {
      at = this.sendNow(stream, bytes, from, to, end)
      if (at === to && stream.sendEnded) return to - from
    }
    if (at < to || (end && !stream.sendEnded)) {
      stream.enqueue(bytes, at, to)
      if (end) stream.behind = 'end'
      this.enterLine(stream)
    }
    return at - from
  }

  /** Nothing comes behind what is queued. */
  end(stream: Stream): void {
    if (stream.queue.length > 0) {
      stream.behind = 'end'
      return
    }
    this.output.data(stream.id, EMPTY, 0, 0, true)
    this.ended(stream)
  }

  trailers(stream: Stream, fields: FieldList): void {
    if (stream.queue.length > 0) {
      stream.behind = 'trailers'
      stream.trailers = fields.copy()
      return
    }
    this.host.writeTrailers(stream, fields)
    this.ended(stream)
  }

  resume(stream: Stream): void {
    if (stream.queue.length > 0) this.enterLine(stream)
    else if (stream.behind !== 'nothing') this.sendBehind(stream)
    this.pump()
  }

  /** The place up to which was sent. */
  private sendNow(stream: Stream, bytes: Buffer, from: number, to: number, end: boolean): number {
    if (from === to) {
      if (end) {
        this.output.data(stream.id, EMPTY, 0, 0, true)
        this.ended(stream)
      }
      return to
    }
    let at = from
    while (at < to && !this.output.clogged) {
      const length = Math.min(to - at, this.window, stream.sendWindow, this.largestFrame)
      if (length <= 0) break
      const last = end && at + length === to
      this.window -= length
      stream.sendWindow -= length
      this.output.data(stream.id, bytes, at, at + length, last)
      at += length
      if (last) this.ended(stream)
    }
    return at
  }

  private ended(stream: Stream): void {
    stream.sendEnded = true
    stream.behind = 'nothing'
    this.host.onSendEnded(stream)
  }

  private enterLine(stream: Stream): void {
    if (stream.inLine) return
    stream.inLine = true
    this.line.push(stream)
  }

  /** Those that wait send what they may. A stream whose own window is closed leaves the line until it opens. */
  pump(): void {
    while (this.line.length > 0 && this.window > 0 && !this.output.clogged) {
      const turn = this.line
      this.line = []
      for (const stream of turn) this.take(stream)
    }
  }

  private take(stream: Stream): void {
    // It may be over, and serve another exchange by now.
    if (!stream.open || !stream.inLine || stream.connection?.sender !== this) return
    const first = stream.queue[0]
    if (first === undefined || this.window <= 0 || this.output.clogged) {
      if (first === undefined) stream.inLine = false
      else this.line.push(stream)
      return
    }
    const length = Math.min(first.length, this.window, stream.sendWindow, this.largestFrame)
    if (length <= 0) {
      stream.inLine = false
      return
    }
    this.takeFrom(stream, first, length)
  }

  private takeFrom(stream: Stream, first: Buffer, length: number): void {
    const last = length === first.length
    if (last) stream.queue.shift()
    else stream.queue[0] = first.subarray(length)
    stream.queuedBytes -= length
    this.window -= length
    stream.sendWindow -= length
    const empty = stream.queue.length === 0
    const ends = empty && stream.behind === 'end'
    this.output.data(stream.id, first, 0, length, ends)
    if (empty) stream.inLine = false
    else this.line.push(stream)
    if (ends) this.ended(stream)
    else if (empty && stream.behind !== 'nothing') this.sendBehind(stream)
    stream.user.onSent(stream, length)
  }

  private sendBehind(stream: Stream): void {
    if (stream.behind === 'trailers' && stream.trailers !== undefined) {
      this.host.writeTrailers(stream, stream.trailers)
      stream.trailers = undefined
    } else {
      this.output.data(stream.id, EMPTY, 0, 0, true)
    }
    this.ended(stream)
  }

  /** False: the window would be too large. */
  widen(increment: number): boolean {
    this.window += increment
    if (this.window > LARGEST_WINDOW) return false
    this.pump()
    return true
  }

  widenStream(stream: Stream, increment: number): boolean {
    stream.sendWindow += increment
    if (stream.sendWindow > LARGEST_WINDOW) return false
    this.reopened(stream)
    this.pump()
    return true
  }

  /** SETTINGS_INITIAL_WINDOW_SIZE holds for open streams too; their windows may go below 0. */
  setInitialWindow(size: number, streams: Iterable<Stream>): boolean {
    const change = size - this.initialWindow
    this.initialWindow = size
    for (const stream of streams) {
      stream.sendWindow += change
      if (stream.sendWindow > LARGEST_WINDOW) return false
      this.reopened(stream)
    }
    this.pump()
    return true
  }

  private reopened(stream: Stream): void {
    if (stream.queue.length > 0 && stream.sendWindow > 0) this.enterLine(stream)
  }
}

const EMPTY = Buffer.alloc(0)
