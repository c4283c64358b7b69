import type { DataPlane } from '../exchange/data-plane.ts'
import type { Entry } from '../exchange/entry.ts'
import { type ExchangeFacts, ExchangeRecord, type UpstreamFacts } from '../exchange/exchange-record.ts'
import { blame } from '../exchange/upstream-refusal.ts'
import { REFUSALS, type Refusal } from '../http/refusal.ts'
import type { Transport } from '../net/transport.ts'
import type { Outcome } from '../routing/attempt.ts'
import type { Endpoint } from '../routing/endpoint.ts'
import type { Route } from '../routing/route.ts'
import type { DirectionCounters } from '../sidecar-metrics.ts'
import { CANCEL, INTERNAL_ERROR, NO_ERROR } from './error-code.ts'
import { callOutcome, grpcError, grpcStatusOf, grpcTags } from './grpc-status.ts'
import type { FieldList } from './hpack/field-list.ts'
import { replyGrpc, replyText } from './local-reply.ts'
import { RequestHead } from './request-head.ts'
import { Stream, type StreamFailure } from './stream.ts'
import { StreamDelivery, type StreamDeliveryHost } from './stream-delivery.ts'

/** The connection of the client. */
export interface ExchangeHome {
  /** When the first of its exchanges is due. */
  deadline: number
  /** The exchange is over, and may be used again. */
  takeBack(exchange: ExchangeCourse): void
}

const NOWHERE = { remoteAddress: '' }

/** How an exchange begins, how long it may take, and all the ways in which it ends. */
export abstract class ExchangeCourse implements StreamDeliveryHost, ExchangeFacts, UpstreamFacts {
  readonly head: RequestHead = new RequestHead()
  readonly down: Stream = new Stream(this)
  readonly record: ExchangeRecord
  deadline = 0
  status = 0
  protected readonly delivery: StreamDelivery
  protected readonly up: Stream
  protected running = false
  protected responseStarted = false
  protected grpcStatus = ''
  protected grpcMessage = ''
  private readonly plane: DataPlane
  private readonly entry: Entry
  private readonly home: ExchangeHome
  private readonly counters: DirectionCounters
  /** Both streams are over. */
  private over = false
  private unsentBefore = 0

  constructor(plane: DataPlane, entry: Entry, home: ExchangeHome) {
    this.plane = plane
    this.home = home
    this.entry = entry
    this.counters = plane.metrics[entry.direction]
    this.record = new ExchangeRecord(entry, this.counters, false)
    this.delivery = new StreamDelivery(plane, this)
    this.up = this.delivery.up
  }

  abstract onFields(stream: Stream, fields: FieldList, end: boolean): void
  abstract onData(stream: Stream, bytes: Buffer, from: number, to: number, end: boolean): void
  abstract onReset(stream: Stream, code: number): void
  abstract onMalformed(stream: Stream): void
  abstract onSent(stream: Stream, bytes: number): void
  abstract onLost(stream: Stream, failure: StreamFailure): void
  abstract onDropped(stream: Stream, bytes: number): void

  get requestBytes(): number {
    return this.down.received
  }

  get responseBytes(): number {
    return this.up.received
  }

  get route(): Route | undefined {
    return this.delivery.attempts.claim.route
  }

  get endpoint(): Endpoint | undefined {
    return this.delivery.attempts.claim.endpoint
  }

  get upstream(): UpstreamFacts | undefined {
    return this.delivery.waits ? undefined : this
  }

  get transport(): Pick<Transport, 'remoteAddress'> {
    return this.up.connection?.transport ?? NOWHERE
  }

  /** `head` was read and `down` is open. `refusal`: it goes nowhere. */
  begin(refusal: Refusal | undefined): void {
    this.over = false
    this.running = true
    this.responseStarted = false
    this.status = 0
    this.grpcStatus = ''
    this.grpcMessage = ''
    this.delivery.reset()
    this.record.begin(this.head, this.plane.tables)
    const found = refusal ?? this.findRoute()
    const failed = found.kind === 'refusal' ? found : this.delivery.begin(found)
    if (failed === undefined) this.touch()
    else this.fail(failed)
  }

  findRoute(): Route | Refusal {
    return this.entry.find(this.head, this.plane.tables)
  }

  beginAgain(error: string): void {
    this.counters.retries.add()
    if (this.head.grpc) this.record.traced.callTags = grpcTags('', '')
    this.record.again(this, error)
    this.status = 0
  }

  /** Something moved: the exchange may go on for another timeout. */
  touch(): void {
    const { deadlines, tables } = this.plane
    const { endBy } = this.delivery.attempts
    this.deadline = Math.min(deadlines.after(tables.timeoutMillis), endBy)
    if (this.deadline < this.home.deadline) this.home.deadline = this.deadline
  }

  /** `deadline` has come: says whose fault that is. */
  timeOut(): void {
    if (this.running && this.deadline === this.delivery.attempts.endBy) this.runOut()
    else if (this.stillFlows()) this.touch()
    else this.endSilence()
    this.settle()
  }

  private runOut(): void {
    const { attempts } = this.delivery
    if (this.responseStarted || !attempts.recover('attempt')) this.fail(attempts.timeUp, CANCEL)
  }

  private endSilence(): void {
    const refusal = this.silence()
    this.fail(refusal, CANCEL)
    if (refusal === REFUSALS.responseTimeout) this.delivery.suspect()
  }

  private silence(): Refusal {
    const { up, down } = this
    if (this.delivery.waits) return REFUSALS.pendingTimeout
    if (down.queuedBytes > 0 || !up.open) return REFUSALS.clientStalled
    if (up.connection?.transport.connected === false) return REFUSALS.connectTimeout
    return down.receiveEnded || up.queuedBytes > 0 ? REFUSALS.responseTimeout : REFUSALS.requestTimeout
  }

  /** A slow reader takes what waits for it, though it has not taken all of it. */
  private stillFlows(): boolean {
    const reader = this.down.queuedBytes > 0 ? this.down.connection : this.up.connection
    const unsent = reader?.transport.unsent ?? 0
    const before = this.unsentBefore
    this.unsentBefore = unsent
    return unsent < before
  }

  /** Ends it without the endpoint's response, or in the middle of that; `code` is for the client's stream then. */
  fail(refusal: Refusal, code: number = INTERNAL_ERROR): void {
    const { down } = this
    this.delivery.leave()
    if (this.running) {
      this.record.refuse(refusal)
      if (!this.responseStarted && down.open) this.reply(refusal)
      else down.connection?.reset(down, code)
      this.finish(refusal.text, blame(refusal))
    } else {
      down.connection?.reset(down, code)
    }
    this.settle()
  }

  private reply(refusal: Refusal): void {
    const { down, head } = this
    const { traced } = this.record
    this.responseStarted = true
    if (head.grpc) {
      this.status = 200
      this.grpcStatus = grpcStatusOf(refusal)
      this.grpcMessage = refusal.text
      replyGrpc(down, refusal, traced)
    } else {
      this.status = refusal.status
      replyText(down, refusal, { traced, headOnly: head.method === 'HEAD' })
    }
  }

  /** The client is not there any more. */
  protected abort(refusal: Refusal): void {
    this.delivery.leave()
    if (!this.running) return
    this.record.refuse(refusal)
    this.finish(refusal.text, 'unknown')
  }

  /** Called at the end of whatever happened: looks whether that was all. */
  protected settle(): void {
    const { up, down } = this
    if (this.running && down.sendEnded && up.receiveEnded) this.complete()
    if (!this.running && !up.open && down.open && down.sendEnded) down.connection?.reset(down, NO_ERROR)
    if (up.open || down.open || this.running || this.over) return
    this.over = true
    this.home.takeBack(this)
  }

  private complete(): void {
    const outcome = callOutcome(this.status, this.grpcStatus)
    const side = this.entry.direction === 'outbound' ? 'client' : 'server'
    if (this.head.grpc) this.finish(grpcError(side, this.grpcStatus), outcome)
    else this.finish(this.status >= 500 ? `status ${this.status}` : '', outcome)
  }

  private describeCall(): void {
    const { traced } = this.record
    traced.grpcStatus = this.grpcStatus
    traced.callTags = grpcTags(this.grpcStatus, this.grpcMessage)
  }

  private finish(error: string, outcome: Outcome): void {
    this.running = false
    if (this.head.grpc) this.describeCall()
    this.record.end(this, error)
    this.delivery.attempts.end(outcome)
  }
}
