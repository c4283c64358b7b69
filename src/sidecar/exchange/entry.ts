import type { MessageHead } from '../http/message-head.ts'
import type { Refusal } from '../http/refusal.ts'
import type { Transport } from '../net/transport.ts'
import type { Route } from '../routing/route.ts'
import type { Tables } from '../routing/tables.ts'
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

export interface ConnectRequest {
  readonly transport: Transport
  /** Lent. */
  readonly head: MessageHead
  readonly rest: Buffer
}
