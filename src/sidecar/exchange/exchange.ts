import type { BodyFraming } from '../http/body-framing.ts'
import type { MessageHead } from '../http/message-head.ts'
import { REFUSALS, type Refusal, replyText } from '../http/refusal.ts'
import type { Transport } from '../net/transport.ts'
import type { Endpoint } from '../routing/endpoint.ts'
import type { Route } from '../routing/route.ts'
import type {
  ResponsePart,
  UpstreamConnection,
  UpstreamFailure,
  UpstreamUser,
} from '../routing/upstream-connection.ts'
import type { DirectionCounters } from '../sidecar-metrics.ts'
import type { DataPlane } from './data-plane.ts'
import type { Entry } from './entry.ts'
import { type ExchangeFacts, ExchangeRecord, NOTHING_SAID } from './exchange-record.ts'
import { headText, interimText, switchText } from './head-text.ts'
import type { RelayRecord } from './relay-record.ts'
import { openUpstream, takeUpstream } from './upstream.ts'
import { UPSTREAM_REFUSALS } from './upstream-refusal.ts'
import { writeHead } from './write-head.ts'
import { writeResponse } from './write-response.ts'

/** The client's side of an exchange. */
export interface ExchangeClient {
  readonly transport: Transport
  /** Stays as it is until the exchange has ended. */
  readonly head: MessageHead
  readonly body: BodyFraming
  /** Something moved: the exchange may go on for another timeout. */
  touch(): void
  /** Nothing more of the body is taken until `resumeRequest`. */
  pauseRequest(): void
  resumeRequest(): void
  /** The response is written. `close`: and it said that the connection ends, or must end. */
  exchangeEnded(close: boolean): void
  /** The response broke off: the client must see that. */
  exchangeBroken(): void
  /** Both sides changed to another protocol: bytes go to and fro from now on. */
  becomeRelay(upstream: Transport, rest: Buffer, record: RelayRecord): void
}

/** Requests that may be sent twice (RFC 9110 9.2.2). */
const IDEMPOTENT = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE'])

/**
 * One request and its response, from the head of the one to the end of the other. A connection has one of these
 * and uses it for all its requests, one after another.
 */
export class Exchange implements UpstreamUser, ExchangeFacts {
  running = false
  headOnly = false
  private readonly plane: DataPlane
  private readonly client: ExchangeClient
  private readonly entry: Entry
  private readonly counters: DirectionCounters
  private readonly record: ExchangeRecord
  route: Route | undefined
  endpoint: Endpoint | undefined
  upstream: UpstreamConnection | undefined
  status = 0
  private responseStarted = false
  /** The response waits for the client to read. */
  private responseHeld = false
  /** The body of the request waits for the endpoint to read. */
  private requestHeld = false
  /** What waited for the slower side when that was last looked at. */
  private unsentBefore = 0
  private retried = false
  private closing = false

  get requestBytes(): number {
    return this.client.body.payload
  }

  constructor(plane: DataPlane, client: ExchangeClient, entry: Entry) {
    this.plane = plane
    this.client = client
    this.entry = entry
    this.counters = plane.metrics[entry.direction]
    this.record = new ExchangeRecord(entry, this.counters)
  }

  /** `body`: what came of it with the head, may be empty; lent. */
  begin(body: Buffer): void {
    const tables = this.plane.tables
    const { head } = this.client
    this.running = true
    this.headOnly = head.method === 'HEAD'
    this.status = 0
    this.responseStarted = false
    this.responseHeld = false
    this.requestHeld = false
    this.retried = false
    this.closing = false
    this.route = undefined
    this.endpoint = undefined
    this.client.touch()
    this.record.begin(head, tables)
    const found = this.entry.find(head, tables)
    if (found.kind === 'refusal') {
      this.refuse(found)
      return
    }
    this.route = found
    this.endpoint = found.balancer.next()
    if (this.endpoint === undefined) {
      this.refuse(REFUSALS.noEndpoints)
      return
    }
    this.send(takeUpstream(this.plane, this.endpoint), body)
  }

  private send(upstream: UpstreamConnection, body: Buffer): void {
    this.upstream = upstream
    upstream.serve(this)
    const text = headText(this.client.head, this.record.headerLines)
    const flows = writeHead(upstream.transport, text, body)
    if (!flows) this.holdRequest()
  }

  sendBody(bytes: Buffer): void {
    this.client.touch()
    if (this.upstream !== undefined && !this.upstream.transport.write(bytes)) this.holdRequest()
  }

  private holdRequest(): void {
    if (this.client.body.done) return
    this.requestHeld = true
    this.unsentBefore = this.upstream?.transport.unsent ?? 0
    this.client.pauseRequest()
  }

  onUpstreamConnect(): void {
    this.client.touch()
  }

  onUpstreamDrain(): void {
    if (!this.requestHeld) return
    this.requestHeld = false
    this.client.touch()
    this.client.resumeRequest()
  }

  onInterim(head: MessageHead): void {
    this.client.touch()
    if (this.client.head.minor === 1) this.client.transport.writeText(interimText(head))
  }

  onResponse(part: ResponsePart): void {
    const { head, framing } = part
    // It would have to be taken apart for a client that does not know chunks.
    if (this.client.head.minor === 0 && framing.kind === 'chunked') {
      this.fail(REFUSALS.responseMalformed)
      return
    }
    this.client.touch()
    this.status = head.status
    this.responseStarted = true
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
    this.finish(this.status >= 500 ? `status ${this.status}` : '')
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
    const upstream = this.upstream
    if (upgrade === '' || !this.client.body.done || upstream === undefined) {
      this.fail(REFUSALS.responseMalformed)
      return
    }
    this.status = head.status
    this.client.transport.writeText(switchText(head, this.record.responseLines(head)))
    const relayed = this.record.becomeRelay(this.plane, this, head.upgrade || upgrade)
    // Recorded now: what follows may last for days, and has a span of its own at its end.
    this.finish('')
    upstream.detach()
    this.client.becomeRelay(upstream.transport, rest, relayed)
  }

  onUpstreamFailure(failure: UpstreamFailure): void {
    const stale = this.upstream?.reused === true && (failure === 'closed' || failure === 'reset')
    if (stale && !this.responseStarted && this.maySendAgain()) {
      this.sendAgain()
      return
    }
    this.fail(UPSTREAM_REFUSALS[failure])
  }

  private maySendAgain(): boolean {
    const { head, body } = this.client
    return !this.retried && body.kind === 'none' && head.upgrade === '' && IDEMPOTENT.has(head.method)
  }

  private sendAgain(): void {
    this.retried = true
    this.counters.retries.add()
    this.record.again(this, 'the idle connection was closed; sent again')
    const endpoint = this.route?.balancer.next()
    if (endpoint === undefined) {
      this.fail(REFUSALS.noEndpoints)
      return
    }
    this.endpoint = endpoint
    this.send(openUpstream(this.plane, endpoint), Buffer.alloc(0))
  }

  /** Nothing was heard for the time allowed: says whose fault that is. */
  timeOut(): void {
    if (this.stillFlows()) {
      this.client.touch()
      return
    }
    if (this.upstream?.transport.connected === false) this.fail(REFUSALS.connectTimeout)
    else if (this.responseHeld) this.fail(REFUSALS.clientStalled)
    else if (!this.client.body.done && !this.requestHeld) this.fail(REFUSALS.requestTimeout)
    else this.fail(REFUSALS.responseTimeout)
  }

  /** A slow reader takes what waits for it, though it has not taken all of it. */
  private stillFlows(): boolean {
    const reader = this.responseHeld ? this.client.transport : this.upstream?.transport
    const unsent = reader?.unsent ?? 0
    const before = this.unsentBefore
    this.unsentBefore = unsent
    return (this.responseHeld || this.requestHeld) && unsent < before
  }

  /** Ends the exchange without the response of the endpoint, or in the middle of it. */
  fail(refusal: Refusal): void {
    this.upstream?.discard()
    if (!this.responseStarted) {
      this.refuse(refusal)
      return
    }
    this.record.refuse(refusal)
    this.finish(refusal.text)
    this.client.exchangeBroken()
  }

  /** The client is not there any more. */
  abort(refusal: Refusal): void {
    this.upstream?.discard()
    this.record.refuse(refusal)
    this.finish(refusal.text)
  }

  private refuse(refusal: Refusal): void {
    this.record.refuse(refusal)
    this.status = refusal.status
    const close = !this.client.head.persistent || !this.client.body.done || this.plane.connections.draining
    const lines = this.record.responseLines(NOTHING_SAID)
    const text = replyText({ ...refusal, lines, close, headOnly: this.headOnly })
    this.finish(refusal.text)
    this.client.transport.writeText(text)
    this.client.exchangeEnded(close)
  }

  private finish(error: string): void {
    this.record.end(this, error)
    this.upstream = undefined
    this.running = false
  }
}
