import type { TraceHeaders } from '../../wire/trace-context.ts'
import type { Refusal } from '../http/refusal.ts'
import type { Transport } from '../net/transport.ts'
import type { Route } from '../routing/route.ts'
import type { Tables } from '../routing/tables.ts'
import type { ConnectAnswer } from './connect-answer.ts'
import type { RelayOrigin } from './relay-record.ts'

/** A request as far as it says where to. */
export interface Addressed {
  /** The authority; empty: none was given. */
  readonly host: string
}

/** How a connection came in: what its requests mean, and from whom they are. */
export interface Entry extends RelayOrigin {
  /** Where a request goes. */
  find(request: Addressed, tables: Tables): Route | Refusal
  /**
   * Takes the connection over after CONNECT, with the bytes that came behind its head; undefined: such requests
   * are refused.
   */
  readonly connect: ((request: ConnectRequest) => void) | undefined
}

/** Where a tunnel is to lead, and the trace that it belongs to. */
export interface ConnectHead {
  readonly authority: string
  readonly trace: TraceHeaders
}

export interface ConnectRequest {
  readonly transport: Transport
  /** Lent. */
  readonly head: ConnectHead
  readonly answer: ConnectAnswer
  readonly rest: Buffer
}
