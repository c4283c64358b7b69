import type { Transport } from '../net/transport.ts'
import type { UpstreamFailure } from '../routing/upstream-connection.ts'
import type { HpackEncoder } from './hpack/encoder.ts'
import type { FieldList } from './hpack/field-list.ts'

/** How a stream was lost with its connection. `stopped`: we ended it. */
export type StreamFailure = UpstreamFailure | 'stopped'

/** Whoever has the stream: told what comes by it. A stream that is over was taken from its connection before. */
export interface StreamUser {
  /** When `timeOut` is due. */
  readonly deadline: number
  timeOut(): void
  onFields(stream: Stream, fields: FieldList, end: boolean): void
  /** `bytes` from `from` to `to` are lent. */
  onData(stream: Stream, bytes: Buffer, from: number, to: number, end: boolean): void
  /** The other side reset it. */
  onReset(stream: Stream, code: number): void
  /** The other side broke the rules; it was reset for that. */
  onMalformed(stream: Stream): void
  /** Queued bytes went out, or the end did. */
  onSent(stream: Stream, bytes: number): void
  /** Its connection is gone, or takes no notice of it. */
  onLost(stream: Stream, failure: StreamFailure): void
  /** Queued bytes were thrown away. */
  onDropped(stream: Stream, bytes: number): void
}

/** Sends DATA as far as the windows of the other side allow. */
export interface StreamSender {
  /** How many of the bytes went out at once; the rest is queued. */
  send(stream: Stream, bytes: Buffer, from: number, to: number, end: boolean): number
  /** What was queued before the stream had a connection. */
  resume(stream: Stream): void
}

/** What a stream's user asks of the connection that it is on. */
export interface StreamConnection {
  readonly transport: Transport
  readonly sender: StreamSender
  /** Frames that came so far. */
  readonly heard: number
  /** Begins a header block; `bound`: the sizes of its fields together. */
  beginFields(bound: number): HpackEncoder
  /** Sends the block. */
  endFields(stream: Stream, end: boolean): void
  /** Sends the fields as trailers, behind all data. */
  sendTrailers(stream: Stream, fields: FieldList): void
  /** The bytes were passed on: as many may be sent again. */
  credit(stream: Stream, bytes: number): void
  /** The same for the window of the stream alone. */
  creditStream(stream: Stream, bytes: number): void
  /** The same where the stream is over: others on the connection may use them. */
  creditConnection(bytes: number): void
  /** Nothing where the stream is over. Its user is not told. */
  reset(stream: Stream, code: number): void
}

/** What follows the queued data. */
type Behind = 'nothing' | 'end' | 'trailers'

/** One request and its response on one connection. Used again for the next. */
export class Stream {
  readonly user: StreamUser
  /** Stays when the stream is over. */
  connection: StreamConnection | undefined
  id = 0
  /** Its connection knows it. */
  open = false

  /** What the other side may still send. */
  receiveWindow = 0
  /** What was passed on and is not yet allowed to be sent again. */
  toCredit = 0
  /** Bytes of content so far. */
  received = 0
  /** What content-length says; below 0: nothing. */
  expected = -1
  receiveEnded = false

  sendWindow = 0
  /** What waits for the other side's window, or for its connection. */
  readonly queue: Buffer[] = []
  queuedBytes = 0
  behind: Behind = 'nothing'
  trailers: FieldList | undefined
  sendEnded = false
  /** It stands in the line of those that may send. */
  inLine = false

  constructor(user: StreamUser) {
    this.user = user
  }

  /** Not yet on a connection: what is to be sent waits. */
  prepare(): void {
    this.connection = undefined
    this.id = 0
    this.open = false
    this.toCredit = 0
    this.received = 0
    this.expected = -1
    this.receiveEnded = false
    this.sendEnded = false
    this.inLine = false
    this.clearQueue()
  }

  clearQueue(): void {
    this.queue.length = 0
    this.queuedBytes = 0
    this.behind = 'nothing'
    this.trailers = undefined
  }

  /** Copies: the bytes are lent. */
  enqueue(bytes: Buffer, from: number, to: number): void {
    if (to <= from) return
    this.queue.push(Buffer.from(bytes.subarray(from, to)))
    this.queuedBytes += to - from
  }
}
