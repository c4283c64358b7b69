import type { BodyFraming } from '../http/body-framing.ts'
import type { MessageHead } from '../http/message-head.ts'
import type { Transport } from '../net/transport.ts'
import type { RelayRecord } from './relay-record.ts'

/** The client's side of an exchange. */
export interface ExchangeClient {
  readonly transport: Transport
  /** Stays as it is until the exchange has ended. */
  readonly head: MessageHead
  readonly body: BodyFraming
  /** Something moved: the exchange may go on for another timeout. */
  touch(): void
  /** Nothing more of the body is taken until `resumeRequest`. */
  pauseRequest(): void
  resumeRequest(): void
  /** The response is written. `close`: and it said that the connection ends, or must end. */
  exchangeEnded(close: boolean): void
  /** The response broke off: the client must see that. */
  exchangeBroken(): void
  /** Both sides changed to another protocol: bytes go to and fro from now on. `closed`: when no more do. */
  becomeRelay(upstream: Transport, rest: Buffer, record: RelayRecord, closed: () => void): void
}
