import type { Transport } from '../net/transport.ts'
import type { DataSender } from './data-sender.ts'
import type { HpackEncoder } from './hpack/encoder.ts'
import type { FieldList } from './hpack/field-list.ts'
import type { Stream } from './stream.ts'

/** What a stream's user asks of the connection that it is on. */
export interface StreamConnection {
  readonly transport: Transport
  readonly sender: DataSender
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
  /** The same where the stream is over: others on the connection may use them. */
  creditConnection(bytes: number): void
  /** Nothing where the stream is over. Its user is not told. */
  reset(stream: Stream, code: number): void
}
