import { REFUSALS, type Refusal } from '../http/refusal.ts'
import type { Outcome } from '../routing/attempt.ts'
import type { UpstreamFailure } from '../routing/upstream-connection.ts'

/** What a client is told when the connection to the endpoint failed. */
export const UPSTREAM_REFUSALS: Readonly<Record<UpstreamFailure, Refusal>> = {
  loop: REFUSALS.loop,
  connect: REFUSALS.connectFailed,
  timeout: REFUSALS.connectTimeout,
  refused: REFUSALS.upstreamRefused,
  unprocessed: REFUSALS.upstreamRefused,
  attempt: REFUSALS.attemptTimeout,
  closed: REFUSALS.upstreamClosed,
  reset: REFUSALS.upstreamReset,
  truncated: REFUSALS.responseTruncated,
  malformed: REFUSALS.responseMalformed,
  'not-http2': REFUSALS.notHttp2,
}

/** A gateway's errors are the endpoint's fault, all others are ours or the client's. */
export function blame({ status }: Refusal): Outcome {
  return status === 502 || status === 504 ? 'failed' : 'unknown'
}
