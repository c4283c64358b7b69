import { UPSTREAM_REFUSALS } from '../exchange/upstream-refusal.ts'
import { REFUSALS, type Refusal } from '../http/refusal.ts'
import type { StreamFailure } from './stream.ts'

/** What a client is told when the connection of its stream failed. */
export const STREAM_REFUSALS: Readonly<Record<StreamFailure, Refusal>> = {
  ...UPSTREAM_REFUSALS,
  'not-http2': REFUSALS.notHttp2,
  unprocessed: REFUSALS.upstreamClosed,
  stopped: REFUSALS.stopped,
}
