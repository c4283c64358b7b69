import type { Endpoint } from './endpoint.ts'
import type { Route } from './route.ts'

/** Each of these without an ejection takes one off the length of the next. */
const FORGIVE_MILLIS = 10_000

/**
 * An endpoint failed once more. After several in a row it gets no requests for a while, the longer the more often it
 * happened, unless too many of its cluster are out already.
 */
export function noteFailure(route: Route, endpoint: Endpoint, now: number): void {
  const { ejection } = route.policy
  endpoint.failuresInRow++
  if (endpoint.failuresInRow < ejection.failuresInRow || endpoint.isEjected(now)) return
  if (!mayEject(route, now)) return
  const quietMillis = endpoint.timesEjected === 0 ? 0 : now - endpoint.lastEjectedUntil
  const forgiven = Math.floor(quietMillis / FORGIVE_MILLIS)
  endpoint.timesEjected = Math.max(0, endpoint.timesEjected - forgiven) + 1
  const millis = Math.min(ejection.maxMillis, ejection.baseMillis * endpoint.timesEjected)
  endpoint.ejectedUntil = now + millis
  endpoint.lastEjectedUntil = endpoint.ejectedUntil
  endpoint.failuresInRow = 0
  route.counters.ejections.add()
}

function mayEject({ policy, balancer }: Route, now: number): boolean {
  const { endpoints } = balancer
  if (endpoints.length < 2) return false
  const most = Math.max(1, Math.floor(endpoints.length * policy.ejection.maxShare))
  let out = 0
  for (const { endpoint } of endpoints) if (endpoint.isEjected(now)) out++
  return out < most
}
