import type { HeadFault } from '../http/head-fault.ts'
import { type Refusal, replyText } from '../http/refusal.ts'
import type { Transport } from '../net/transport.ts'
import type { DataPlane } from './data-plane.ts'
import type { Entry } from './entry.ts'

export interface RefusedHead {
  readonly plane: DataPlane
  readonly entry: Entry
  readonly client: Transport
  readonly fault: HeadFault | Refusal
  /** The client asked with HEAD, as far as could be read. */
  readonly headOnly: boolean
}

/** Tells the client, the counters and the log why a request begins no exchange. */
export function answerRefusedHead({ plane, entry, client, fault, headOnly }: RefusedHead): void {
  const { status, text } = fault
  const reason = 'reason' in fault ? fault.reason : 'bad-request'
  plane.metrics[entry.direction].failure(reason).add()
  plane.tables.accessLog?.refusedHead(entry, { status, reason, text })
  client.writeText(replyText({ status, reason, text, close: true, headOnly }))
}
