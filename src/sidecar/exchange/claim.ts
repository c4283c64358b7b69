import { REFUSALS, type Refusal } from '../http/refusal.ts'
import {
  beginAttempt,
  beginRetry,
  endAttempt,
  endRetry,
  mayConnect,
  type Outcome,
} from '../routing/attempt.ts'
import { Endpoint } from '../routing/endpoint.ts'
import type { Route } from '../routing/route.ts'
import type { Waiter, WaitingLine } from '../routing/waiting-line.ts'

/**
 * What a request takes of a cluster: an endpoint, a place among those that run, maybe one in the queue for a connection
 * and one among the retries. All that was taken is given back once, however the attempt ends.
 */
export class Claim {
  route: Route | undefined
  endpoint: Endpoint | undefined
  private readonly waiter: Waiter
  private counted = false
  /** Where it waits. */
  private line: WaitingLine | undefined
  /** Among whose retries this attempt is. */
  private retryOf: Route | undefined

  constructor(waiter: Waiter) {
    this.waiter = waiter
  }

  /** Forgets the request before, of which nothing is left. */
  reset(): void {
    this.route = undefined
    this.endpoint = undefined
  }

  /** Takes an endpoint, or says why there is none. */
  take(route: Route, except: Endpoint | undefined): Refusal | undefined {
    this.route = route
    const chosen = beginAttempt(route, except)
    if (!(chosen instanceof Endpoint)) return chosen
    this.endpoint = chosen
    this.counted = true
    return undefined
  }

  /** There may be one more connection. */
  get mayConnect(): boolean {
    const { route, endpoint } = this
    return route !== undefined && endpoint !== undefined && mayConnect(route, endpoint)
  }

  /** Goes into the line for a connection, or says why not. */
  wait(line: WaitingLine): Refusal | undefined {
    const { route } = this
    if (route === undefined) return REFUSALS.noEndpoints
    const { load, counters, policy } = route
    if (load.pending >= policy.maxPendingRequests) {
      counters.pendingOverflows.add()
      return REFUSALS.pendingOverflow
    }
    counters.connectionOverflows.add()
    load.pending++
    this.line = line
    line.add(this.waiter)
    return undefined
  }

  /** Its turn has come, or it waits no more. */
  stopWaiting(): void {
    if (this.line === undefined) return
    this.line.remove(this.waiter)
    this.line = undefined
    if (this.route !== undefined) this.route.load.pending--
  }

  /** Takes a place among the retries; false: there is none. */
  takeRetry(): boolean {
    this.giveRetryBack()
    if (this.route === undefined || !beginRetry(this.route)) return false
    this.retryOf = this.route
    return true
  }

  private giveRetryBack(): void {
    if (this.retryOf !== undefined) endRetry(this.retryOf)
    this.retryOf = undefined
  }

  /** The attempt is over; a place among the retries stays for the next. */
  endAttempt(outcome: Outcome): void {
    this.stopWaiting()
    const { route, endpoint } = this
    if (!this.counted || route === undefined || endpoint === undefined) return
    this.counted = false
    endAttempt(route, endpoint, outcome)
  }

  end(outcome: Outcome): void {
    this.endAttempt(outcome)
    this.giveRetryBack()
  }
}
