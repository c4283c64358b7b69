import type { Refusal } from '../http/refusal.ts'
import type { Outcome } from '../routing/attempt.ts'
import type { Endpoint } from '../routing/endpoint.ts'
import type { Route } from '../routing/route.ts'
import type { UpstreamConnection, UpstreamUser } from '../routing/upstream-connection.ts'
import { type AttemptHost, Attempts, type AttemptUser, isIdempotent } from './attempts.ts'
import type { DataPlane } from './data-plane.ts'
import type { ExchangeClient } from './exchange-client.ts'
import type { ExchangeRecord } from './exchange-record.ts'
import { headText } from './head-text.ts'
import { MOST_KEPT_BYTES, Replay } from './replay.ts'
import { openUpstream } from './upstream.ts'
import { writeHead } from './write-head.ts'

export interface DeliveryOptions {
  readonly plane: DataPlane
  readonly client: ExchangeClient
  readonly record: ExchangeRecord
  readonly user: AttemptHost & UpstreamUser
}

/**
 * Brings a request to an endpoint by HTTP/1: on an idle connection or a new one, or waits for one where there may be no
 * more. Used for one request after another.
 */
export class Delivery implements AttemptUser {
  upstream: UpstreamConnection | undefined
  /** The body waits for the endpoint to read, or for a connection. */
  held = false
  readonly attempts: Attempts
  private readonly options: DeliveryOptions
  private readonly replay = new Replay()
  private unsentBefore = 0

  constructor(options: DeliveryOptions) {
    this.options = options
    this.attempts = new Attempts(options.plane, options.user, this)
  }

  get route(): Route | undefined {
    return this.attempts.claim.route
  }

  get endpoint(): Endpoint | undefined {
    return this.attempts.claim.endpoint
  }

  /** Forgets the request before. */
  reset(): void {
    this.attempts.reset()
    this.held = false
    this.replay.clear()
  }

  /** `body`: what came of it so far; lent. Gives back why it cannot be delivered. */
  begin(route: Route, body: Buffer): Refusal | undefined {
    const refusal = this.attempts.begin(route)
    if (refusal !== undefined) return refusal
    const idle = this.endpoint?.takeIdle()
    if (idle === undefined || this.attempts.mayRepeat) this.replay.add(body, Number.POSITIVE_INFINITY)
    if (idle === undefined) return this.deliver()
    this.send(idle, body)
    return undefined
  }

  /** A connection that was idle for long may be dead: this one is new. */
  deliver(): Refusal | undefined {
    const { claim } = this.attempts
    if (!claim.mayConnect && claim.endpoint !== undefined) {
      this.hold()
      return claim.wait(claim.endpoint.line)
    }
    this.sendOn(undefined)
    return undefined
  }

  private sendOn(idle: UpstreamConnection | undefined): void {
    const { route, endpoint } = this
    if (route === undefined || endpoint === undefined) return
    this.send(idle ?? openUpstream(this.options.plane, route, endpoint), this.replay.bytes)
  }

  onRoom(): boolean {
    const { claim } = this.attempts
    const idle = claim.endpoint?.takeIdle()
    const gone = claim.endpoint?.retired === true
    if (idle === undefined && !gone && !claim.mayConnect) return false
    claim.stopWaiting()
    if (gone) this.attempts.takeAnother()
    else this.sendOn(idle)
    return true
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
      replay.add(bytes, Number.POSITIVE_INFINITY)
      return
    }
    if (this.attempts.mayRepeat || !upstream.transport.connected) replay.add(bytes, MOST_KEPT_BYTES)
    if (!upstream.transport.write(bytes)) this.hold()
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
    if (!this.attempts.mayRepeat) this.replay.drop()
  }

  /** A slow endpoint takes what waits for it, though it has not taken all of it. */
  stillFlows(): boolean {
    const unsent = this.upstream?.transport.unsent ?? 0
    const before = this.unsentBefore
    this.unsentBefore = unsent
    return this.held && unsent < before
  }

  get whole(): boolean {
    return this.replay.whole
  }

  get stale(): boolean {
    const { head, body } = this.options.client
    const safe = body.kind === 'none' && head.upgrade === '' && isIdempotent(head.method)
    return safe && this.upstream?.reused === true
  }

  giveUp(): void {
    this.upstream?.discard()
    this.upstream = undefined
  }

  rest(): void {
    this.hold()
  }

  /** The exchange is over, however. */
  end(outcome: Outcome): void {
    this.upstream = undefined
    this.attempts.end(outcome)
  }
}
