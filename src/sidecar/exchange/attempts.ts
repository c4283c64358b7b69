import { REFUSALS, type Refusal } from '../http/refusal.ts'
import { NO_DEADLINE } from '../net/deadlines.ts'
import type { Outcome } from '../routing/attempt.ts'
import type { Endpoint } from '../routing/endpoint.ts'
import type { Route } from '../routing/route.ts'
import type { UpstreamFailure } from '../routing/upstream-connection.ts'
import type { Waiter } from '../routing/waiting-line.ts'
import { Claim } from './claim.ts'
import type { DataPlane } from './data-plane.ts'
import { reachedNobody, retriesFailure, retriesStatus } from './retry-rules.ts'
import { blame, UPSTREAM_REFUSALS } from './upstream-refusal.ts'

/** Requests that may be sent twice (RFC 9110 9.2.2). */
const IDEMPOTENT = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE'])

export function isIdempotent(method: string): boolean {
  return IDEMPOTENT.has(method)
}

/** Times the pause before the first retry, as Envoy has it. */
const LONGEST_BACKOFF = 10

/** The exchange whose request is to be delivered. */
export interface AttemptHost {
  /** Where the request goes by the tables in force. */
  findRoute(): Route | Refusal
  /** What was tried ends as a span of its own, and another attempt begins. */
  beginAgain(error: string): void
  /** It cannot be delivered, as was seen after a wait. */
  fail(refusal: Refusal): void
  /** Something moved: the exchange may go on for another timeout. */
  touch(): void
}

/** Sends the request over connections of one kind; called for each attempt but the first. */
export interface AttemptUser extends Waiter {
  /** All of the request that came so far could be sent again. */
  readonly whole: boolean
  /**
   * The connection was idle before, nothing came by it since, and the request can be done twice: maybe it was dead
   * all the time.
   */
  readonly stale: boolean
  /** Sends the request from its beginning, or waits for a connection; gives back why neither can be. */
  deliver(): Refusal | undefined
  /** The attempt is given up: what still comes of it is for nobody. */
  giveUp(): void
  /** Nothing is sent for a moment. */
  rest(): void
}

/**
 * The attempts to deliver one request: at which endpoint, how long each may take, and whether there is another. All of
 * it is the same for HTTP/1 and HTTP/2. Used for one request after another.
 */
export class Attempts {
  readonly claim: Claim
  /** The exchange, or this attempt, must have ended by then, whatever progress it makes. */
  endBy: number = NO_DEADLINE
  private readonly plane: DataPlane
  private readonly host: AttemptHost
  private readonly user: AttemptUser
  private exchangeBy: number = NO_DEADLINE
  private retryBy: number = NO_DEADLINE
  private pause: NodeJS.Timeout | undefined
  private retries = 0
  private replaced = false

  constructor(plane: DataPlane, host: AttemptHost, user: AttemptUser) {
    this.plane = plane
    this.host = host
    this.user = user
    this.claim = new Claim(user)
  }

  /** Forgets the request before. */
  reset(): void {
    this.claim.reset()
    this.endBy = NO_DEADLINE
    this.retries = 0
    this.replaced = false
  }

  /** Takes an endpoint for the first attempt, or says why there is none. */
  begin(route: Route): Refusal | undefined {
    const { deadlines, tables } = this.plane
    const { requestMillis } = route.policy
    this.exchangeBy = requestMillis === NO_DEADLINE ? NO_DEADLINE : deadlines.after(requestMillis)
    this.retryBy = deadlines.after(Math.min(tables.timeoutMillis, requestMillis))
    return this.take(route, undefined)
  }

  private take(route: Route, except: Endpoint | undefined): Refusal | undefined {
    const { perTryMillis } = route.policy.retry
    this.endBy = this.exchangeBy
    if (perTryMillis !== NO_DEADLINE) {
      this.endBy = Math.min(this.endBy, this.plane.deadlines.after(perTryMillis))
    }
    return this.claim.take(route, except)
  }

  /** The endpoint that was waited for is in no configuration any more, and nothing was sent to it. */
  takeAnother(): void {
    this.claim.endAttempt('unknown')
    const found = this.host.findRoute()
    const refusal = found.kind === 'refusal' ? found : (this.take(found, undefined) ?? this.user.deliver())
    if (refusal !== undefined) this.host.fail(refusal)
  }

  /** The policy may want it sent again though it reached the endpoint. */
  get mayRepeat(): boolean {
    const { route } = this.claim
    return route !== undefined && route.policy.retry.on.size > 0
  }

  /** The response has begun: from now on only the whole exchange has its time. */
  answered(): void {
    this.endBy = this.exchangeBy
  }

  /** Whose time is over at `endBy`. */
  get timeUp(): Refusal {
    return this.endBy < this.exchangeBy ? REFUSALS.attemptTimeout : REFUSALS.exchangeTimeout
  }

  /** It failed before there was a response. True: the request is sent again. */
  recover(failure: UpstreamFailure): boolean {
    const { route, endpoint } = this.claim
    if (route === undefined || endpoint === undefined) return false
    if (this.mayReplace(failure)) {
      this.replace(failure)
      return true
    }
    const elsewhere = reachedNobody(failure) && route.balancer.next(endpoint) !== undefined
    // Who refuses a stream may take the next: it says that it did nothing of the first.
    const wanted = elsewhere || failure === 'refused' || retriesFailure(route.policy.retry, failure)
    return wanted && this.user.whole && this.retry(UPSTREAM_REFUSALS[failure], !elsewhere)
  }

  /**
   * A connection that was idle may have been closed meanwhile, and one that is about to be closed says what it did not
   * look at. That is replaced once, whatever the retry policy says and without its budget: the endpoint is not in
   * trouble by it.
   */
  private mayReplace(failure: UpstreamFailure): boolean {
    if (this.replaced) return false
    if (failure === 'unprocessed') return this.user.whole
    return (failure === 'closed' || failure === 'reset') && this.user.stale
  }

  private replace(failure: UpstreamFailure): void {
    this.replaced = true
    const why =
      failure === 'unprocessed' ? 'the endpoint closes the connection' : 'the idle connection was closed'
    this.host.beginAgain(`${why}; sent again`)
    this.user.giveUp()
    this.claim.endAttempt('unknown')
    this.sendAgain(undefined, UPSTREAM_REFUSALS[failure])
  }

  /** The endpoint answered. True: the response is not wanted, the request is sent again. */
  recoverStatus(status: number): boolean {
    const { route } = this.claim
    if (route === undefined || !this.user.whole) return false
    return retriesStatus(route.policy.retry, status) && this.retry(REFUSALS.statusRetried, true)
  }

  private retry(cause: Refusal, pausing: boolean): boolean {
    const { plane, host, user } = this
    const { route, endpoint } = this.claim
    if (route === undefined || this.retries >= route.policy.retry.times) return false
    if (plane.connections.draining || plane.deadlines.after(0) >= this.retryBy) return false
    if (!this.claim.takeRetry()) return false
    host.beginAgain(`${cause.text}; sent again`)
    user.giveUp()
    this.claim.endAttempt(blame(cause))
    this.retries++
    if (!pausing) {
      this.sendAgain(endpoint, cause)
      return true
    }
    user.rest()
    this.endBy = this.exchangeBy
    host.touch()
    const most = route.policy.retry.backoffMillis * Math.min(LONGEST_BACKOFF, 2 ** (this.retries - 1))
    this.pause = setTimeout(() => {
      this.pause = undefined
      this.sendAgain(endpoint, cause)
    }, plane.random() * most)
    return true
  }

  /** `cause`: what the client hears where there is nobody to send it to. */
  private sendAgain(failed: Endpoint | undefined, cause: Refusal): void {
    const found = this.host.findRoute()
    if (found.kind === 'refusal') {
      this.host.fail(cause)
      return
    }
    const other = failed !== undefined && found.balancer.next(failed) !== undefined ? failed : undefined
    const refusal = this.take(found, other) ?? this.user.deliver()
    this.host.touch()
    if (refusal !== undefined) this.host.fail(cause)
  }

  /** The exchange is over, however. */
  end(outcome: Outcome): void {
    this.claim.end(outcome)
    if (this.pause === undefined) return
    clearTimeout(this.pause)
    this.pause = undefined
  }
}
