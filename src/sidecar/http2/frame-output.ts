import type { Transport } from '../net/transport.ts'
import {
  ACK,
  CONTINUATION,
  DATA,
  END_HEADERS,
  END_STREAM,
  FRAME_HEAD_BYTES,
  GOAWAY,
  HEADERS,
  PING,
  RST_STREAM,
  SETTINGS,
  WINDOW_UPDATE,
} from './frame.ts'

const BATCH_BYTES = 64 * 1024
const MOST_SPARE = 8
const NOTHING = Buffer.alloc(0)

/** Buffers that are free; one is taken for the first frame of a batch and given back when the system took it. */
const spare: Buffer[] = []

/** Those that have something to write, until the events of this turn were handled: one write for all their frames. */
let waiting: FrameOutput[] = []
let flushed: FrameOutput[] = []

function flushAll(): void {
  const outputs = waiting
  waiting = flushed
  flushed = outputs
  for (const output of outputs) output.flush()
  outputs.length = 0
}

/** Writes the frames of one connection, many in one write. */
export class FrameOutput {
  /** Where the next byte goes: `reserve` first. */
  bytes: Buffer = NOTHING
  at = 0
  /** Enough is waiting that the other side has not read: DATA must wait until it has. */
  clogged = false
  private readonly transport: Transport
  private queued = false
  private closed = false

  constructor(transport: Transport) {
    this.transport = transport
  }

  /** Makes room for `length` bytes; whoever calls it writes them and moves `at`. */
  reserve(length: number): void {
    if (this.at + length > this.bytes.length) this.makeRoom(length)
    if (this.queued) return
    this.queued = true
    if (waiting.length === 0) setImmediate(flushAll)
    waiting.push(this)
  }

  private makeRoom(length: number): void {
    this.hand()
    this.bytes = length > BATCH_BYTES ? Buffer.allocUnsafeSlow(length) : takeSpare()
  }

  flush(): void {
    this.queued = false
    this.hand()
  }

  /** Nothing goes out any more. */
  close(): void {
    this.closed = true
  }

  private hand(): void {
    const { bytes, at } = this
    this.bytes = NOTHING
    this.at = 0
    if (at === 0) {
      if (bytes !== NOTHING) giveSpare(bytes)
      return
    }
    if (this.closed) {
      giveSpare(bytes)
      return
    }
    if (!this.transport.write(bytes.subarray(0, at))) this.clogged = true
    // What the system did not take at once is still read from this buffer.
    if (this.transport.unsent === 0) giveSpare(bytes)
  }

  frameHead(length: number, type: number, flags: number, id: number): void {
    putHead(this.bytes, this.at, length, type, flags, id)
    this.at += FRAME_HEAD_BYTES
  }

  private number(value: number): void {
    const { bytes, at } = this
    bytes[at] = value >>> 24
    bytes[at + 1] = value >>> 16
    bytes[at + 2] = value >>> 8
    bytes[at + 3] = value
    this.at += 4
  }

  raw(bytes: Buffer): void {
    this.reserve(bytes.length)
    bytes.copy(this.bytes, this.at)
    this.at += bytes.length
  }

  data(id: number, bytes: Buffer, from: number, to: number, end: boolean): void {
    const length = to - from
    this.reserve(FRAME_HEAD_BYTES + length)
    this.frameHead(length, DATA, end ? END_STREAM : 0, id)
    bytes.copy(this.bytes, this.at, from, to)
    this.at += length
  }

  /** `block`: the encoded fields stand behind the room for a frame's head at `from`, and reach to `at`. */
  headers(id: number, from: number, end: boolean, largestFrame: number): void {
    const length = this.at - from - FRAME_HEAD_BYTES
    const ends = end ? END_STREAM : 0
    if (length <= largestFrame) {
      putHead(this.bytes, from, length, HEADERS, ends | END_HEADERS, id)
      return
    }
    const block = Buffer.from(this.bytes.subarray(from + FRAME_HEAD_BYTES, this.at))
    this.at = from
    for (let at = 0; at < block.length; at += largestFrame) {
      const part = block.subarray(at, at + largestFrame)
      const last = at + largestFrame >= block.length
      this.reserve(FRAME_HEAD_BYTES + part.length)
      const flags = (at === 0 ? ends : 0) | (last ? END_HEADERS : 0)
      this.frameHead(part.length, at === 0 ? HEADERS : CONTINUATION, flags, id)
      part.copy(this.bytes, this.at)
      this.at += part.length
    }
  }

  reset(id: number, code: number): void {
    this.reserve(FRAME_HEAD_BYTES + 4)
    this.frameHead(4, RST_STREAM, 0, id)
    this.number(code)
  }

  windowUpdate(id: number, increment: number): void {
    this.reserve(FRAME_HEAD_BYTES + 4)
    this.frameHead(4, WINDOW_UPDATE, 0, id)
    this.number(increment)
  }

  settings(values: readonly (readonly [id: number, value: number])[]): void {
    this.reserve(FRAME_HEAD_BYTES + values.length * 6)
    this.frameHead(values.length * 6, SETTINGS, 0, 0)
    for (const [id, value] of values) {
      this.bytes[this.at++] = id >> 8
      this.bytes[this.at++] = id
      this.number(value)
    }
  }

  settingsAck(): void {
    this.reserve(FRAME_HEAD_BYTES)
    this.frameHead(0, SETTINGS, ACK, 0)
  }

  ping(payload: Buffer, from: number, ack: boolean): void {
    this.reserve(FRAME_HEAD_BYTES + 8)
    this.frameHead(8, PING, ack ? ACK : 0, 0)
    payload.copy(this.bytes, this.at, from, from + 8)
    this.at += 8
  }

  goAway(lastId: number, code: number, text: string): void {
    this.reserve(FRAME_HEAD_BYTES + 8 + text.length)
    this.frameHead(8 + text.length, GOAWAY, 0, 0)
    this.number(lastId)
    this.number(code)
    this.at += this.bytes.write(text, this.at, 'latin1')
  }
}

function putHead(bytes: Buffer, at: number, length: number, type: number, flags: number, id: number): void {
  bytes[at] = length >>> 16
  bytes[at + 1] = length >>> 8
  bytes[at + 2] = length
  bytes[at + 3] = type
  bytes[at + 4] = flags
  bytes[at + 5] = id >>> 24
  bytes[at + 6] = id >>> 16
  bytes[at + 7] = id >>> 8
  bytes[at + 8] = id
}

function takeSpare(): Buffer {
  return spare.pop() ?? Buffer.allocUnsafeSlow(BATCH_BYTES)
}

function giveSpare(bytes: Buffer): void {
  if (bytes.length === BATCH_BYTES && spare.length < MOST_SPARE) spare.push(bytes)
}
