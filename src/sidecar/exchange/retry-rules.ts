import type { RetryPolicy } from '../routing/cluster-policy.ts'
import type { UpstreamFailure } from '../routing/upstream-connection.ts'

/** Nothing of the request was heard by anybody. */
export function reachedNobody(failure: UpstreamFailure): boolean {
  return failure === 'connect' || failure === 'timeout' || failure === 'refused' || failure === 'unprocessed'
}

/** Whether the policy lets a request be sent again after this, as Envoy reads `retry_on`. */
export function retriesFailure({ on }: RetryPolicy, failure: UpstreamFailure): boolean {
  if (failure === 'loop' || failure === 'malformed' || failure === 'not-http2') return false
  if (on.has('5xx')) return true
  if (failure === 'refused' || failure === 'unprocessed') return on.has('refused-stream')
  if (failure === 'attempt') return on.has('gateway-error')
  return on.has(reachedNobody(failure) ? 'connect-failure' : 'reset')
}

export function retriesStatus({ on }: RetryPolicy, status: number): boolean {
  if (status >= 500) return on.has('5xx') || (status >= 502 && status <= 504 && on.has('gateway-error'))
  return status === 409 && on.has('retriable-4xx')
}
