import type { BodyFraming } from '../http/body-framing.ts'
import type { MessageHead } from '../http/message-head.ts'
import type { Transport } from '../net/transport.ts'

/**
 * How a connection to an endpoint failed an exchange. `timeout`: of connecting; `refused`: the endpoint says that it did
 * nothing of it; `unprocessed`: the same, because it closes the connection; `attempt`: it took longer than an attempt may.
 */
export type UpstreamFailure =
  | 'loop'
  | 'connect'
  | 'timeout'
  | 'refused'
  | 'unprocessed'
  | 'attempt'
  | 'closed'
  | 'reset'
  | 'truncated'
  | 'malformed'
  | 'not-http2'

/** A response head that was just read, and where it and the beginning of its body stand. */
export interface ResponsePart {
  /** Lent: read again for the next response of any connection. */
  readonly head: MessageHead
  readonly framing: BodyFraming
  /** Lent, like all bytes that a transport gives. */
  readonly bytes: Buffer
  readonly headFrom: number
  readonly bodyFrom: number
  /** Where what belongs to this response ends. */
  readonly bodyTo: number
}

/** The exchange that a connection serves. */
export interface UpstreamUser {
  /** The response has no body whatever its head says: the request was HEAD. */
  readonly headOnly: boolean
  onUpstreamConnect(): void
  onUpstreamDrain(): void
  /** A 1xx response other than 101. */
  onInterim(head: MessageHead): void
  /** 101: the connection is the user's from now on, with the bytes that came after the head. */
  onSwitch(head: MessageHead, rest: Buffer): void
  onResponse(part: ResponsePart): void
  onResponseBody(bytes: Buffer): void
  /** After the last byte. `reusable`: the connection may serve another exchange. The connection is detached. */
  onResponseEnd(reusable: boolean): void
  /** The connection is closed and detached. */
  onUpstreamFailure(failure: UpstreamFailure): void
}

/** A connection to an endpoint that speaks HTTP/1. */
export interface UpstreamConnection {
  readonly transport: Transport
  /** It served an exchange before, and nothing has come since: the other side may have closed it meanwhile. */
  readonly reused: boolean
  /** Bytes of the content of the response so far. */
  readonly responseBytes: number
  /** Begins an exchange; what is sent is written to `transport`. */
  serve(user: UpstreamUser): void
  /** Back to the idle ones, or closed where there is no room. */
  release(): void
  /** The transport is somebody else's from now on. */
  detach(): void
  /** Closes it, whatever it was doing; nobody is told. */
  discard(): void
}
