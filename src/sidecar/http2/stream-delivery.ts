import { type AttemptHost, Attempts, type AttemptUser, isIdempotent } from '../exchange/attempts.ts'
import type { DataPlane } from '../exchange/data-plane.ts'
import type { ExchangeRecord } from '../exchange/exchange-record.ts'
import { MOST_KEPT_BYTES, Replay } from '../exchange/replay.ts'
import { REFUSALS, type Refusal } from '../http/refusal.ts'
import type { Route } from '../routing/route.ts'
import type { ClientConnection } from './client-connection.ts'
import { poolOf } from './endpoint-pool.ts'
import { CANCEL } from './error-code.ts'
import type { FieldList } from './hpack/field-list.ts'
import type { RequestHead } from './request-head.ts'
import { Stream, type StreamUser } from './stream.ts'
import { TRACE_FIELDS_BOUND, writeRequestId, writeTraceFields } from './trace-fields.ts'

/** What is kept of a body for the case that its stream is refused: rarely, and of many streams at a time. */
const MOST_KEPT_USUALLY = 4 * 1024

/** The exchange whose request is delivered. */
export interface StreamDeliveryHost extends AttemptHost, StreamUser {
  readonly head: RequestHead
  /** Where the request comes from. */
  readonly down: Stream
  readonly record: ExchangeRecord
}

/**
 * Brings a request to an endpoint by HTTP/2: on a stream of a connection that has room, on a new connection, or waits
 * for either where there may be no more. Used for one request after another.
 */
export class StreamDelivery implements AttemptUser {
  /** Before it is on a connection, what is to be sent waits on it. */
  readonly up: Stream
  readonly attempts: Attempts
  private readonly plane: DataPlane
  private readonly host: StreamDeliveryHost
  private readonly replay = new Replay()
  /** That of `up`. */
  private connection: ClientConnection | undefined
  private heardBefore = 0
  /** Bytes of `up`'s queue for which the client was already given credit. */
  private credited = 0

  constructor(plane: DataPlane, host: StreamDeliveryHost) {
    this.plane = plane
    this.host = host
    this.up = new Stream(host)
    this.attempts = new Attempts(plane, host, this)
  }

  /** Forgets the request before. */
  reset(): void {
    this.attempts.reset()
    this.replay.clear()
    this.up.prepare()
    this.connection = undefined
    this.credited = 0
  }

  /** Gives back why it cannot be delivered. */
  begin(route: Route): Refusal | undefined {
    return this.attempts.begin(route) ?? this.deliver()
  }

  deliver(): Refusal | undefined {
    const { claim } = this.attempts
    const found = this.find()
    if (found !== undefined) this.send(found)
    else if (claim.endpoint === undefined) return REFUSALS.noEndpoints
    else return claim.wait(poolOf(this.plane, claim.endpoint).line)
    return undefined
  }

  private find(): ClientConnection | undefined {
    const { claim } = this.attempts
    const { route, endpoint } = claim
    if (route === undefined || endpoint === undefined) return undefined
    const pool = poolOf(this.plane, endpoint)
    return pool.take() ?? (claim.mayConnect ? pool.open(route) : undefined)
  }

  onRoom(): boolean {
    const { claim } = this.attempts
    const gone = claim.endpoint?.retired === true
    const found = gone ? undefined : this.find()
    if (found === undefined && !gone) return false
    claim.stopWaiting()
    if (found === undefined) this.attempts.takeAnother()
    else this.send(found)
    return true
  }

  private send(connection: ClientConnection): void {
    const { up, host } = this
    this.connection = connection
    this.heardBefore = connection.heard
    connection.open(up)
    const { context, madeRequestId, requestId } = host.record.traced
    const encoder = connection.beginFields(host.head.fields.size + TRACE_FIELDS_BOUND)
    host.head.writeTo(encoder, context !== undefined)
    if (context !== undefined) writeTraceFields(encoder, context)
    if (madeRequestId) writeRequestId(encoder, requestId)
    const end = host.down.receiveEnded && up.queue.length === 0 && up.behind !== 'trailers'
    connection.endFields(up, end)
    if (!end) connection.sender.resume(up)
  }

  /** `end`: nothing comes behind it. */
  sendData(bytes: Buffer, from: number, to: number, end: boolean): void {
    const { up, host } = this
    if (to > from) this.keep(bytes.subarray(from, to))
    if (up.open) {
      const sent = up.connection?.sender.send(up, bytes, from, to, end) ?? 0
      if (sent > 0) host.down.connection?.credit(host.down, sent)
    } else if (this.waits) {
      up.enqueue(bytes, from, to)
      if (end) up.behind = 'end'
    } else {
      host.down.connection?.credit(host.down, to - from)
    }
  }

  private keep(bytes: Buffer): void {
    if (!this.replay.whole) return
    const connected = this.connection?.transport.connected === true
    const most = connected && !this.attempts.mayRepeat ? MOST_KEPT_USUALLY : MOST_KEPT_BYTES
    this.replay.add(bytes, most)
  }

  sendTrailers(fields: FieldList): void {
    const { up } = this
    this.replay.drop()
    if (up.open) {
      up.connection?.sendTrailers(up, fields)
    } else if (this.waits) {
      up.behind = 'trailers'
      up.trailers = fields.copy()
    }
  }

  /** There is no connection yet, or no more. */
  get waits(): boolean {
    return this.up.connection === undefined
  }

  /** How much of what was sent the client has yet to be given credit for. */
  owedFor(sent: number): number {
    const before = Math.min(sent, this.credited)
    this.credited -= before
    return sent - before
  }

  /** The response has begun. */
  answered(): void {
    this.attempts.answered()
    this.replay.drop()
  }

  /** The endpoint took no notice for long: maybe the connection is dead, and nobody else shall find that out by waiting. */
  suspect(): void {
    const { connection } = this
    if (connection !== undefined && connection.heard === this.heardBefore) connection.retire()
  }

  get whole(): boolean {
    return this.replay.whole
  }

  get stale(): boolean {
    const { head, down } = this.host
    const { connection, heardBefore } = this
    const silent = connection !== undefined && heardBefore > 0 && connection.heard === heardBefore
    return silent && down.receiveEnded && down.received === 0 && isIdempotent(head.method)
  }

  giveUp(): void {
    const { up, replay } = this
    this.leave()
    up.prepare()
    this.connection = undefined
    up.enqueue(replay.bytes, 0, replay.bytes.length)
    // What was credited when it was sent or dropped first is not credited again.
    this.credited = replay.bytes.length
    if (this.host.down.receiveEnded) up.behind = 'end'
  }

  rest(): void {}

  /** Nothing more is sent to the endpoint, and nothing taken from it. */
  leave(): void {
    this.attempts.claim.stopWaiting()
    this.up.connection?.reset(this.up, CANCEL)
  }
}
