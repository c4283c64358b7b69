import { REFUSALS, type Refusal } from '../http/refusal.ts'
import type { UpstreamFailure } from '../routing/upstream-connection.ts'

/** What a client is told when the connection to the endpoint failed. */
export const UPSTREAM_REFUSALS: Readonly<Record<UpstreamFailure, Refusal>> = {
  loop: REFUSALS.loop,
  connect: REFUSALS.connectFailed,
  timeout: REFUSALS.connectTimeout,
  refused: REFUSALS.upstreamRefused,
  attempt: REFUSALS.attemptTimeout,
  closed: REFUSALS.upstreamClosed,
  reset: REFUSALS.upstreamReset,
  truncated: REFUSALS.responseTruncated,
  malformed: REFUSALS.responseMalformed,
}
