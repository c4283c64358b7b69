import { REFUSALS, type Refusal } from '../http/refusal.ts'
import { noteFailure } from './ejection.ts'
import type { Endpoint } from './endpoint.ts'
import type { Route } from './route.ts'

/**
 * What an attempt says about its endpoint. `served`: it answered. `failed`: it could not be reached, broke off, or
 * answered with a gateway's error. `unknown`: the attempt ended for a reason that is not the endpoint's.
 */
export type Outcome = 'served' | 'failed' | 'unknown'

/**
 * Chooses an endpoint and counts the attempt as running until `endAttempt`, which must be called once, with the same
 * route and endpoint. Nothing is counted where it refuses.
 */
export function beginAttempt(route: Route, except?: Endpoint): Endpoint | Refusal {
  const { load } = route
  if (load.active >= route.policy.maxRequests) {
    route.counters.overflows.add()
    return REFUSALS.overflow
  }
  const endpoint = route.balancer.next(except)
  if (endpoint === undefined) return REFUSALS.noEndpoints
  load.active++
  endpoint.active++
  return endpoint
}

/** `now`: monotonic milliseconds, read only where it failed. */
export function endAttempt(route: Route, endpoint: Endpoint, outcome: Outcome): void {
  route.load.active--
  endpoint.active--
  if (outcome === 'served') endpoint.failuresInRow = 0
  else if (outcome === 'failed') noteFailure(route, endpoint, route.balancer.now())
}

/** What the status of a response says: only what gateways say for others makes an endpoint suspicious. */
export function outcomeOf(status: number): Outcome {
  return status >= 502 && status <= 504 ? 'failed' : 'served'
}

/** Whether one more connection to the endpoint may be made; where it has none, one always may. */
export function mayConnect(route: Route, endpoint: Endpoint): boolean {
  if (endpoint.connections === 0) return true
  const { endpoints } = route.balancer
  if (endpoints.length === 1) return endpoint.connections < route.policy.maxConnections
  let open = 0
  for (const each of endpoints) open += each.endpoint.connections
  return open < route.policy.maxConnections
}

/**
 * For a connection that carries bytes of whatever kind: it is limited as a connection, not as a request. Counted until
 * `endRelay`.
 */
export function beginRelay(route: Route): Endpoint | Refusal {
  const endpoint = route.balancer.next()
  if (endpoint === undefined) return REFUSALS.noEndpoints
  if (!mayConnect(route, endpoint)) {
    route.counters.connectionOverflows.add()
    return REFUSALS.connectionOverflow
  }
  addRelay(endpoint)
  return endpoint
}

/** A connection to the endpoint became a relay. */
export function addRelay(endpoint: Endpoint): void {
  endpoint.active++
  endpoint.addConnection()
}

/** `connected`: the endpoint was reached. */
export function endRelay(route: Route, endpoint: Endpoint, connected: boolean): void {
  endpoint.active--
  endpoint.removeConnection()
  if (!connected) noteFailure(route, endpoint, route.balancer.now())
}

const SHARE_OF_RETRIES = 0.2
const ALWAYS_RETRIES = 3

/** False, and counted: so many retries run that more would make things worse. Else `endRetry` must be called once. */
export function beginRetry(route: Route): boolean {
  const { load, policy } = route
  const most = policy.retry.maxAtOnce ?? Math.max(ALWAYS_RETRIES, load.active * SHARE_OF_RETRIES)
  if (load.retrying >= most) {
    route.counters.retryOverflows.add()
    return false
  }
  load.retrying++
  route.counters.retries.add()
  return true
}

export function endRetry(route: Route): void {
  route.load.retrying--
}
