import { REFUSALS, type Refusal } from '../http/refusal.ts'
import { NO_DEADLINE } from '../net/deadlines.ts'
import type { Outcome } from '../routing/attempt.ts'
import type { Endpoint, Waiter } from '../routing/endpoint.ts'
import type { Route } from '../routing/route.ts'
import type { UpstreamConnection, UpstreamFailure, UpstreamUser } from '../routing/upstream-connection.ts'
import { Claim } from './claim.ts'
import type { DataPlane } from './data-plane.ts'
import type { ExchangeClient } from './exchange-client.ts'
import type { ExchangeRecord } from './exchange-record.ts'
import { headText } from './head-text.ts'
import { Replay } from './replay.ts'
import { reachedNobody, retriesFailure, retriesStatus } from './retry-rules.ts'
import { openUpstream } from './upstream.ts'
import { UPSTREAM_REFUSALS } from './upstream-refusal.ts'
import { writeHead } from './write-head.ts'

/** Requests that may be sent twice (RFC 9110 9.2.2). */
const IDEMPOTENT = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE'])

/** Times the pause before the first retry, as Envoy has it. */
const LONGEST_BACKOFF = 10

/** The exchange whose request is delivered. */
export interface DeliveryUser extends UpstreamUser {
  /** Where the request goes by the tables in force. */
  findRoute(): Route | Refusal
  /** What was tried ends as a span of its own, and another attempt begins. */
  beginAgain(error: string): void
  /** It cannot be delivered, as was seen after a wait. */
  fail(refusal: Refusal): void
}

export interface DeliveryOptions {
  readonly plane: DataPlane
  readonly client: ExchangeClient
  readonly record: ExchangeRecord
  readonly user: DeliveryUser
}

/**
 * Brings a request to an endpoint: waits for a connection where there may be no more, sends, and where that is safe
 * or wanted sends again, to another endpoint if there is one. Used for one request after another.
 */
export class Delivery implements Waiter {
  upstream: UpstreamConnection | undefined
  /** The exchange, or this attempt, must have ended by then, whatever progress it makes. */
  endBy: number = NO_DEADLINE
  /** The body waits for the endpoint to read, or for a connection. */
  held = false
  readonly claim: Claim
  private readonly options: DeliveryOptions
  private readonly replay = new Replay()
  private exchangeBy: number = NO_DEADLINE
  private retryBy: number = NO_DEADLINE
  private pause: NodeJS.Timeout | undefined
  private retries = 0
  private replaced = false
  private unsentBefore = 0

  constructor(options: DeliveryOptions) {
    this.options = options
    this.claim = new Claim(this)
  }

  /** Forgets the request before. */
  reset(): void {
    this.claim.reset()
    this.endBy = NO_DEADLINE
    this.held = false
    this.retries = 0
    this.replaced = false
    this.replay.clear()
  }

  /** `body`: what came of it so far; lent. Gives back why it cannot be delivered. */
  begin(route: Route, body: Buffer): Refusal | undefined {
    const { deadlines, tables } = this.options.plane
    const { requestMillis } = route.policy
    this.exchangeBy = requestMillis === NO_DEADLINE ? NO_DEADLINE : deadlines.after(requestMillis)
    this.retryBy = deadlines.after(Math.min(tables.timeoutMillis, requestMillis))
    const refusal = this.take(route, undefined)
    if (refusal !== undefined) return refusal
    const idle = this.claim.endpoint?.takeIdle()
    if (idle === undefined || this.mayRepeat) this.replay.add(body, true)
    if (idle === undefined) return this.connect()
    this.send(idle, body)
    return undefined
  }

  private take(route: Route, except: Endpoint | undefined): Refusal | undefined {
    const { perTryMillis } = route.policy.retry
    this.endBy = this.exchangeBy
    if (perTryMillis !== NO_DEADLINE) {
      this.endBy = Math.min(this.endBy, this.options.plane.deadlines.after(perTryMillis))
    }
    return this.claim.take(route, except)
  }

  /** A connection that was idle for long may be dead: this one is new. */
  private connect(): Refusal | undefined {
    const { claim } = this
    if (!claim.mayConnect) {
      this.hold()
      return claim.wait()
    }
    this.sendOn(undefined)
    return undefined
  }

  private sendOn(idle: UpstreamConnection | undefined): void {
    const { route, endpoint } = this.claim
    if (route === undefined || endpoint === undefined) return
    this.send(idle ?? openUpstream(this.options.plane, route, endpoint), this.replay.bytes)
  }

  onRoom(): boolean {
    const { claim } = this
    const idle = claim.endpoint?.takeIdle()
    const gone = claim.endpoint?.retired === true
    if (idle === undefined && !gone && !claim.mayConnect) return false
    claim.stopWaiting()
    // The configuration does not name it any more, and nothing was sent to it.
    if (gone) this.takeAnother()
    else this.sendOn(idle)
    return true
  }

  private takeAnother(): void {
    this.claim.endAttempt('unknown')
    const found = this.options.user.findRoute()
    const refusal = found.kind === 'refusal' ? found : (this.take(found, undefined) ?? this.connect())
    if (refusal !== undefined) this.options.user.fail(refusal)
  }

  private send(upstream: UpstreamConnection, body: Buffer): void {
    this.upstream = upstream
    upstream.serve(this.options.user)
    const text = headText(this.options.client.head, this.options.record.headerLines)
    if (!writeHead(upstream.transport, text, body)) this.hold()
    else if (this.held) this.flow()
  }

  sendBody(bytes: Buffer): void {
    const { upstream, replay } = this
    if (upstream === undefined) {
      replay.add(bytes, true)
      return
    }
    if (this.mayRepeat || !upstream.transport.connected) replay.add(bytes, false)
    if (!upstream.transport.write(bytes)) this.hold()
  }

  /** The policy may want it sent again though it reached the endpoint. */
  get mayRepeat(): boolean {
    const { route } = this.claim
    return route !== undefined && route.policy.retry.on.size > 0
  }

  private hold(): void {
    if (this.options.client.body.done) return
    this.held = true
    this.unsentBefore = this.upstream?.transport.unsent ?? 0
    this.options.client.pauseRequest()
  }

  /** The endpoint has taken what waited for it. */
  flow(): void {
    if (!this.held) return
    this.held = false
    this.options.client.touch()
    this.options.client.resumeRequest()
  }

  connected(): void {
    if (!this.mayRepeat) this.replay.drop()
  }

  /** A slow endpoint takes what waits for it, though it has not taken all of it. */
  stillFlows(): boolean {
    const unsent = this.upstream?.transport.unsent ?? 0
    const before = this.unsentBefore
    this.unsentBefore = unsent
    return this.held && unsent < before
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
      this.replaced = true
      this.options.user.beginAgain('the idle connection was closed; sent again')
      this.claim.endAttempt('unknown')
      this.sendAgain(undefined, UPSTREAM_REFUSALS[failure])
      return true
    }
    const elsewhere = reachedNobody(failure) && route.balancer.next(endpoint) !== undefined
    const wanted = elsewhere || retriesFailure(route.policy.retry, failure)
    return wanted && this.replay.whole && this.retry(UPSTREAM_REFUSALS[failure], !elsewhere)
  }

  /**
   * A connection that was idle may have been closed meanwhile. It is replaced once, whatever the retry policy says and
   * without its budget: there are no more of those than there were idle connections.
   */
  private mayReplace(failure: UpstreamFailure): boolean {
    if (failure !== 'closed' && failure !== 'reset') return false
    const { head, body } = this.options.client
    const safe = body.kind === 'none' && head.upgrade === '' && IDEMPOTENT.has(head.method)
    return safe && !this.replaced && this.upstream?.reused === true
  }

  /** The endpoint answered. True: the response is not wanted, the request is sent again. */
  recoverStatus(status: number): boolean {
    const { route } = this.claim
    if (route === undefined || !this.replay.whole) return false
    return retriesStatus(route.policy.retry, status) && this.retry(REFUSALS.statusRetried, true)
  }

  private retry(cause: Refusal, pausing: boolean): boolean {
    const { plane, user } = this.options
    const { route, endpoint } = this.claim
    if (route === undefined || this.retries >= route.policy.retry.times) return false
    if (plane.connections.draining || plane.deadlines.after(0) >= this.retryBy) return false
    if (!this.claim.takeRetry()) return false
    user.beginAgain(`${cause.text}; sent again`)
    this.upstream?.discard()
    this.upstream = undefined
    this.claim.endAttempt('failed')
    this.retries++
    if (!pausing) {
      this.sendAgain(endpoint, cause)
      return true
    }
    this.hold()
    this.endBy = this.exchangeBy
    this.options.client.touch()
    const most = route.policy.retry.backoffMillis * Math.min(LONGEST_BACKOFF, 2 ** (this.retries - 1))
    this.pause = setTimeout(() => {
      this.pause = undefined
      this.sendAgain(endpoint, cause)
    }, plane.random() * most)
    return true
  }

  /** `cause`: what the client hears where there is nobody to send it to. */
  private sendAgain(failed: Endpoint | undefined, cause: Refusal): void {
    this.upstream = undefined
    const { user } = this.options
    const found = user.findRoute()
    if (found.kind === 'refusal') {
      user.fail(cause)
      return
    }
    const other = failed !== undefined && found.balancer.next(failed) !== undefined ? failed : undefined
    const refusal = this.take(found, other) ?? this.connect()
    this.options.client.touch()
    if (refusal !== undefined) user.fail(cause)
  }

  /** The exchange is over, however. */
  end(outcome: Outcome): void {
    this.upstream = undefined
    this.claim.end(outcome)
    if (this.pause === undefined) return
    clearTimeout(this.pause)
    this.pause = undefined
  }
}
