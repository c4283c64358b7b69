import { wasOffered } from '../http/connection-options.ts'
import type { MessageHead } from '../http/message-head.ts'
import { REFUSALS, type Refusal, replyText } from '../http/refusal.ts'
import { addRelay, endRelay, type Outcome, outcomeOf } from '../routing/attempt.ts'
import type { Endpoint } from '../routing/endpoint.ts'
import type { Route } from '../routing/route.ts'
import type {
  ResponsePart,
  UpstreamConnection,
  UpstreamFailure,
  UpstreamUser,
} from '../routing/upstream-connection.ts'
import type { DirectionCounters } from '../sidecar-metrics.ts'
import type { AttemptHost } from './attempts.ts'
import type { DataPlane } from './data-plane.ts'
import { Delivery } from './delivery.ts'
import type { Entry } from './entry.ts'
import type { ExchangeClient } from './exchange-client.ts'
import { type ExchangeFacts, ExchangeRecord, NOTHING_SAID } from './exchange-record.ts'
import { interimText, switchText } from './head-text.ts'
import { blame, UPSTREAM_REFUSALS } from './upstream-refusal.ts'
import { writeResponse } from './write-response.ts'

/**
 * One request and its response, from the head of the one to the end of the other. A connection has one of these
 * and uses it for all its requests, one after another.
 */
export class Exchange implements AttemptHost, UpstreamUser, ExchangeFacts {
  running = false
  headOnly = false
  status = 0
  private readonly plane: DataPlane
  private readonly client: ExchangeClient
  private readonly entry: Entry
  private readonly counters: DirectionCounters
  private readonly record: ExchangeRecord
  private readonly delivery: Delivery
  private responseStarted = false
  /** The response waits for the client to read; it may do so when all else of the exchange is over. */
  responseHeld = false
  /** What waited for the client when that was last looked at. */
  private unsentBefore = 0
  private closing = false

  constructor(plane: DataPlane, client: ExchangeClient, entry: Entry) {
    this.plane = plane
    this.client = client
    this.entry = entry
    this.counters = plane.metrics[entry.direction]
    this.record = new ExchangeRecord(entry, this.counters)
    this.delivery = new Delivery({ plane, client, record: this.record, user: this })
  }

  get requestBytes(): number {
    return this.client.body.payload
  }

  get route(): Route | undefined {
    return this.delivery.route
  }

  get endpoint(): Endpoint | undefined {
    return this.delivery.endpoint
  }

  get upstream(): UpstreamConnection | undefined {
    return this.delivery.upstream
  }

  /** It must have ended by then, whatever progress it makes. */
  get endBy(): number {
    return this.delivery.attempts.endBy
  }

  /** `body`: what came of it with the head, may be empty; lent. */
  begin(body: Buffer): void {
    this.running = true
    this.headOnly = this.client.head.method === 'HEAD'
    this.status = 0
    this.responseStarted = false
    this.responseHeld = false
    this.closing = false
    this.delivery.reset()
    this.record.begin(this.client.head, this.plane.tables)
    const found = this.findRoute()
    const refusal = found.kind === 'refusal' ? found : this.delivery.begin(found, body)
    if (refusal === undefined) this.client.touch()
    else this.refuse(refusal)
  }

  findRoute(): Route | Refusal {
    return this.entry.find(this.client.head, this.plane.tables)
  }

  beginAgain(error: string): void {
    this.counters.retries.add()
    this.record.again(this, error)
    this.status = 0
  }

  touch(): void {
    this.client.touch()
  }

  sendBody(bytes: Buffer): void {
    this.client.touch()
    this.delivery.sendBody(bytes)
  }

  onUpstreamConnect(): void {
    this.delivery.connected()
    this.client.touch()
  }

  onUpstreamDrain(): void {
    this.delivery.flow()
  }

  onInterim(head: MessageHead): void {
    this.client.touch()
    if (this.client.head.minor === 0) return
    if (!this.client.transport.writeText(interimText(head))) this.holdResponse()
  }

  onResponse(part: ResponsePart): void {
    const { head, framing } = part
    this.status = head.status
    const { attempts } = this.delivery
    if (attempts.mayRepeat && attempts.recoverStatus(head.status)) return
    // It would have to be taken apart for a client that does not know chunks.
    if (this.client.head.minor === 0 && framing.kind === 'chunked') {
      this.fail(REFUSALS.responseMalformed)
      return
    }
    this.responseStarted = true
    attempts.answered()
    this.client.touch()
    this.closing =
      !this.client.head.persistent || framing.kind === 'until-close' || this.plane.connections.draining
    const lines = this.record.responseLines(head)
    const flows = writeResponse(this.client.transport, part, lines, this.closing)
    if (!flows) this.holdResponse()
  }

  onResponseBody(bytes: Buffer): void {
    this.client.touch()
    if (bytes.length > 0 && !this.client.transport.write(bytes)) this.holdResponse()
  }

  private holdResponse(): void {
    this.responseHeld = true
    this.unsentBefore = this.client.transport.unsent
    this.upstream?.transport.pause()
  }

  /** The client has read what waited. */
  clientDrained(): void {
    if (!this.responseHeld) return
    this.responseHeld = false
    this.client.touch()
    this.upstream?.transport.resume()
  }

  onResponseEnd(reusable: boolean): void {
    const upstream = this.upstream
    this.finish(this.status >= 500 ? `status ${this.status}` : '', outcomeOf(this.status))
    if (upstream !== undefined) {
      if (this.responseHeld) upstream.transport.resume()
      // An early response leaves the rest of the request unsent.
      if (reusable && this.client.body.done) upstream.release()
      else upstream.discard()
    }
    this.client.exchangeEnded(this.closing)
  }

  onSwitch(head: MessageHead, rest: Buffer): void {
    const { upgrade } = this.client.head
    const { upstream, route, endpoint } = this
    const there = upstream !== undefined && route !== undefined && endpoint !== undefined
    if (!wasOffered(head.upgrade, upgrade) || !this.client.body.done || !there) {
      this.fail(REFUSALS.responseMalformed)
      return
    }
    this.status = head.status
    this.client.transport.writeText(switchText(head, this.record.responseLines(head)))
    const relayed = this.record.becomeRelay(this.plane, this, head.upgrade || upgrade)
    // Recorded now: what follows may last for days, and has a span of its own at its end.
    this.finish('', 'served')
    addRelay(endpoint)
    upstream.detach()
    this.client.becomeRelay(upstream.transport, rest, relayed, () => endRelay(route, endpoint, true))
  }

  onUpstreamFailure(failure: UpstreamFailure): void {
    if (this.responseStarted || !this.delivery.attempts.recover(failure))
      this.fail(UPSTREAM_REFUSALS[failure])
  }

  /** Nothing was heard for the time allowed: says whose fault that is. */
  timeOut(): void {
    if (this.stillFlows()) this.client.touch()
    else this.fail(this.silence())
  }

  private silence(): Refusal {
    if (this.upstream === undefined) return REFUSALS.pendingTimeout
    if (!this.upstream.transport.connected) return REFUSALS.connectTimeout
    if (this.responseHeld) return REFUSALS.clientStalled
    return this.client.body.done || this.delivery.held ? REFUSALS.responseTimeout : REFUSALS.requestTimeout
  }

  /** The time of this attempt or of the whole exchange is over. */
  runOut(): void {
    const { attempts } = this.delivery
    if (this.responseStarted || !attempts.recover('attempt')) this.fail(attempts.timeUp)
  }

  /** A slow reader takes what waits for it, though it has not taken all of it. */
  private stillFlows(): boolean {
    return this.responseHeld ? this.clientReads() : this.delivery.stillFlows()
  }

  /** It has taken something of what waits for it, since this was asked for the last time. */
  clientReads(): boolean {
    const { unsent } = this.client.transport
    const before = this.unsentBefore
    this.unsentBefore = unsent
    return unsent < before
  }

  /** Ends the exchange without the response of the endpoint, or in the middle of it. */
  fail(refusal: Refusal): void {
    this.upstream?.discard()
    if (!this.responseStarted) {
      this.refuse(refusal)
      return
    }
    this.record.refuse(refusal)
    this.finish(refusal.text, blame(refusal))
    this.client.exchangeBroken()
  }

  /** The client is not there any more. */
  abort(refusal: Refusal): void {
    this.upstream?.discard()
    this.record.refuse(refusal)
    this.finish(refusal.text, 'unknown')
  }

  private refuse(refusal: Refusal): void {
    this.record.refuse(refusal)
    this.status = refusal.status
    const close = !this.client.head.persistent || !this.client.body.done || this.plane.connections.draining
    const lines = this.record.responseLines(NOTHING_SAID)
    const text = replyText({ ...refusal, lines, close, headOnly: this.headOnly })
    this.finish(refusal.text, blame(refusal))
    if (!this.client.transport.writeText(text)) this.holdResponse()
    this.client.exchangeEnded(close)
  }

  private finish(error: string, outcome: Outcome): void {
    this.record.end(this, error)
    this.delivery.end(outcome)
    this.running = false
  }
}
