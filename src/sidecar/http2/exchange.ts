import type { DataPlane } from '../exchange/data-plane.ts'
import type { Entry } from '../exchange/entry.ts'
import { type ExchangeFacts, ExchangeRecord, type UpstreamFacts } from '../exchange/exchange-record.ts'
import { REFUSALS, type Refusal } from '../http/refusal.ts'
import type { Transport } from '../net/transport.ts'
import type { Endpoint } from '../routing/endpoint.ts'
import type { Route } from '../routing/route.ts'
import type { DirectionCounters } from '../sidecar-metrics.ts'
import type { ClientConnection } from './client-connection.ts'
import { type EndpointPool, type PoolUser, poolOf } from './endpoint-pool.ts'
import {
  CANCEL,
  INTERNAL_ERROR,
  NO_ERROR,
  PROTOCOL_ERROR,
  REFUSED_STREAM,
  relayedCode,
} from './error-code.ts'
import { grpcError, grpcStatusOf, grpcTags } from './grpc-status.ts'
import type { FieldList } from './hpack/field-list.ts'
import { replyGrpc, replyText } from './local-reply.ts'
import { RequestCopy } from './request-copy.ts'
import { RequestHead } from './request-head.ts'
import { ResponseHead } from './response-head.ts'
import { Stream, type StreamFailure, type StreamUser } from './stream.ts'
import { STREAM_REFUSALS } from './stream-refusal.ts'
import { TRACE_FIELDS_BOUND, writeRequestId, writeTraceFields } from './trace-fields.ts'

/** Where exchanges that are over wait to be used again. */
export interface ExchangeHome {
  takeBack(exchange: Http2Exchange): void
}

/** Read and used up within one call, so that one is enough for all. */
const response = new ResponseHead()

const NOWHERE = { remoteAddress: '' }

/** Requests that may be sent twice (RFC 9110 9.2.2). */
const IDEMPOTENT = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE'])

/**
 * One request and its response over two streams: `down` to the client, `up` to the endpoint. It is over when both
 * streams are, and then used again for another request of the same client.
 */
export class Http2Exchange implements StreamUser, PoolUser, ExchangeFacts, UpstreamFacts {
  readonly head: RequestHead = new RequestHead()
  readonly down: Stream = new Stream(this)
  readonly up: Stream = new Stream(this)
  deadline = 0
  status = 0
  route: Route | undefined
  endpoint: Endpoint | undefined
  private readonly plane: DataPlane
  private readonly entry: Entry
  private readonly home: ExchangeHome
  private readonly counters: DirectionCounters
  private readonly record: ExchangeRecord
  private readonly spanKind: 'client' | 'server'
  private readonly copy = new RequestCopy()
  /** That of `up`. */
  private connection: ClientConnection | undefined
  /** Where a connection is waited for. */
  private waitsAt: EndpointPool | undefined
  private running = false
  /** Both streams are over. */
  private over = false
  private responseStarted = false
  private retried = false
  private grpcStatus = ''
  private grpcMessage = ''
  private takesTrace = false
  private heardBefore = 0
  private unsentBefore = 0
  /** Bytes of `up`'s queue for which the client was already given credit. */
  private credited = 0

  constructor(plane: DataPlane, entry: Entry, home: ExchangeHome) {
    this.plane = plane
    this.home = home
    this.entry = entry
    this.counters = plane.metrics[entry.direction]
    this.record = new ExchangeRecord(entry, this.counters, false)
    this.spanKind = entry.direction === 'outbound' ? 'client' : 'server'
  }

  get requestBytes(): number {
    return this.down.received
  }

  get responseBytes(): number {
    return this.up.received
  }

  get upstream(): UpstreamFacts | undefined {
    return this.up.connection === undefined ? undefined : this
  }

  get transport(): Pick<Transport, 'remoteAddress'> {
    return this.up.connection?.transport ?? NOWHERE
  }

  /** `head` was read and `down` is open. `refusal`: it goes nowhere. */
  begin(refusal: Refusal | undefined): void {
    const { tables } = this.plane
    this.over = false
    this.running = true
    this.responseStarted = false
    this.retried = false
    this.status = 0
    this.grpcStatus = ''
    this.grpcMessage = ''
    this.credited = 0
    this.route = undefined
    this.endpoint = undefined
    this.up.prepare()
    this.copy.clear()
    this.touch()
    this.takesTrace = tables.tracing !== undefined
    this.record.begin(this.head, tables)
    const found = refusal ?? this.entry.find(this.head, tables)
    if (found.kind === 'refusal') {
      this.fail(found)
      return
    }
    this.route = found
    this.send()
  }

  private send(): void {
    this.endpoint = this.route?.balancer.next()
    if (this.endpoint === undefined) {
      this.fail(REFUSALS.noEndpoints)
      return
    }
    const pool = poolOf(this.plane, this.endpoint)
    const connection = pool.take()
    if (connection !== undefined) this.onConnection(connection)
    else if (pool.wait(this)) this.waitsAt = pool
    else this.fail(REFUSALS.tooManyWaiting)
  }

  onConnection(connection: ClientConnection): void {
    const { up, down } = this
    this.waitsAt = undefined
    this.connection = connection
    this.heardBefore = connection.heard
    connection.open(up)
    const encoder = connection.beginFields(this.head.fields.size + TRACE_FIELDS_BOUND)
    this.head.writeTo(encoder, this.takesTrace)
    const { context, madeRequestId, requestId } = this.record.traced
    if (context !== undefined) writeTraceFields(encoder, context)
    if (madeRequestId) writeRequestId(encoder, requestId)
    const end = down.receiveEnded && up.queue.length === 0 && up.behind !== 'trailers'
    connection.endFields(up, end)
    if (!end) connection.sender.resume(up)
  }

  onFields(stream: Stream, fields: FieldList, end: boolean): void {
    this.touch()
    if (stream === this.down) this.onRequestTrailers(fields, end)
    else if (this.responseStarted) this.onResponseTrailers(fields, end)
    else this.onResponse(fields, end)
    this.settle()
  }

  private onRequestTrailers(fields: FieldList, end: boolean): void {
    if (!end || !response.read(fields, true)) {
      this.down.connection?.reset(this.down, PROTOCOL_ERROR)
      this.onMalformed(this.down)
      return
    }
    this.copy.giveUp()
    if (this.up.open) {
      this.up.connection?.sendTrailers(this.up, fields)
    } else if (this.waitsAt !== undefined) {
      this.up.behind = 'trailers'
      this.up.trailers = fields.copy()
    }
  }

  private onResponse(fields: FieldList, end: boolean): void {
    if (!response.read(fields, false) || (response.status < 200 && (end || response.status === 101))) {
      this.fail(REFUSALS.responseMalformed)
      return
    }
    if (response.status >= 200) this.startResponse()
    this.relayFields(fields, end)
  }

  private startResponse(): void {
    this.status = response.status
    this.responseStarted = true
    this.grpcStatus = response.grpcStatus
    this.grpcMessage = response.grpcMessage
    const bodiless = this.head.method === 'HEAD' || response.status === 304
    this.up.expected = bodiless ? -1 : response.contentLength
  }

  private relayFields(fields: FieldList, end: boolean): void {
    const { connection } = this.down
    const encoder = connection?.beginFields(fields.size)
    if (connection === undefined || encoder === undefined || !this.down.open) return
    for (let at = 0; at < fields.count; at++) {
      const field = fields.fields[at]
      if (field !== undefined) encoder.write(field)
    }
    connection.endFields(this.down, end)
  }

  private onResponseTrailers(fields: FieldList, end: boolean): void {
    if (!end || !response.read(fields, true)) {
      this.fail(REFUSALS.responseMalformed)
      return
    }
    this.grpcStatus = response.grpcStatus
    this.grpcMessage = response.grpcMessage
    if (this.down.open) this.down.connection?.sendTrailers(this.down, fields)
  }

  onData(stream: Stream, bytes: Buffer, from: number, to: number, end: boolean): void {
    this.touch()
    if (stream === this.down) this.onRequestData(bytes, from, to, end)
    else if (this.responseStarted) this.relay(stream, this.down, bytes, from, to, end)
    else this.fail(REFUSALS.responseMalformed)
    this.settle()
  }

  private onRequestData(bytes: Buffer, from: number, to: number, end: boolean): void {
    const { up, down } = this
    if (!this.responseStarted) this.copy.append(bytes, from, to)
    if (this.waitsAt !== undefined) {
      up.enqueue(bytes, from, to)
      if (end) up.behind = 'end'
    } else if (up.open) {
      this.relay(down, up, bytes, from, to, end)
    } else {
      down.connection?.credit(down, to - from)
    }
  }

  private relay(source: Stream, target: Stream, bytes: Buffer, from: number, to: number, end: boolean): void {
    const sent = target.open ? (target.connection?.sender.send(target, bytes, from, to, end) ?? 0) : to - from
    if (sent > 0) source.connection?.credit(source, sent)
  }

  onSent(stream: Stream, bytes: number): void {
    this.touch()
    const source = this.sourceOf(stream)
    let owed = bytes
    if (stream === this.up && this.credited > 0) {
      const before = Math.min(owed, this.credited)
      this.credited -= before
      owed -= before
    }
    if (owed > 0) source?.connection?.credit(source, owed)
    this.settle()
  }

  onDropped(stream: Stream, bytes: number): void {
    this.sourceOf(stream)?.connection?.creditConnection(bytes)
  }

  /** Who sent what is queued there; undefined: we did. */
  private sourceOf(stream: Stream): Stream | undefined {
    if (stream === this.up) return this.down
    return this.running ? this.up : undefined
  }

  onReset(stream: Stream, code: number): void {
    if (stream === this.down) this.abort(REFUSALS.clientAborted)
    else if (this.responseStarted && this.up.receiveEnded) this.stopUpload()
    else if (code === REFUSED_STREAM && this.sendAgain('the endpoint refused the stream; sent again')) return
    else this.fail(REFUSALS.upstreamReset, relayedCode(code))
    this.settle()
  }

  /** The response is complete, and the endpoint wants no more of the request. */
  private stopUpload(): void {
    if (this.down.sendEnded) this.down.connection?.reset(this.down, NO_ERROR)
  }

  onMalformed(stream: Stream): void {
    if (stream === this.down) this.abort(REFUSALS.streamMalformed)
    else this.fail(REFUSALS.responseMalformed)
    this.settle()
  }

  onLost(stream: Stream, failure: StreamFailure): void {
    if (stream === this.down) {
      this.abort(failure === 'stopped' ? REFUSALS.stopped : REFUSALS.clientAborted)
    } else if (this.up.receiveEnded) {
      this.stopUpload()
    } else if (!this.recover(failure)) {
      const broken = this.responseStarted && failure === 'closed'
      this.fail(broken ? REFUSALS.responseTruncated : STREAM_REFUSALS[failure])
    }
    this.settle()
  }

  private recover(failure: StreamFailure): boolean {
    if (failure === 'unprocessed')
      return this.sendAgain('the endpoint did not process the stream; sent again')
    const stale = (failure === 'closed' || failure === 'reset') && this.heardBefore > 0
    const repeatable = this.down.receiveEnded && this.down.received === 0 && IDEMPOTENT.has(this.head.method)
    return stale && repeatable && this.sendAgain('the connection was closed; sent again')
  }

  /** False: it cannot be, or must not be, sent again. */
  private sendAgain(why: string): boolean {
    if (this.retried || this.responseStarted || !this.copy.complete || !this.down.open) return false
    this.retried = true
    this.counters.retries.add()
    this.record.again(this, why)
    const { up, down } = this
    up.prepare()
    const body = this.copy.view()
    up.enqueue(body, 0, body.length)
    // What was credited when it was sent or dropped first is not credited again.
    this.credited = body.length
    if (down.receiveEnded) up.behind = 'end'
    this.send()
    return true
  }

  /** Something moved: the exchange may go on for another timeout. */
  private touch(): void {
    this.deadline = this.plane.deadlines.after(this.plane.tables.timeoutMillis)
  }

  /** Nothing moved for the time allowed: says whose fault that is. */
  timeOut(): void {
    if (this.stillFlows()) {
      this.touch()
      return
    }
    const { up, down } = this
    if (this.waitsAt !== undefined) this.fail(REFUSALS.waitedTooLong)
    else if (up.open && up.connection?.transport.connected === false) this.fail(REFUSALS.connectTimeout)
    else if (down.queuedBytes > 0 || !up.open) this.fail(REFUSALS.clientStalled, CANCEL)
    else if (!down.receiveEnded && up.queuedBytes === 0) this.fail(REFUSALS.requestTimeout, CANCEL)
    else this.endpointSilent()
    this.settle()
  }

  private endpointSilent(): void {
    const { connection } = this
    const deaf = connection !== undefined && connection.heard === this.heardBefore
    this.fail(REFUSALS.responseTimeout, CANCEL)
    // Nothing at all was heard: the connection may be dead, and nobody else shall find that out by waiting.
    if (deaf) connection.retire()
  }

  /** A slow reader takes what waits for it, though it has not taken all of it. */
  private stillFlows(): boolean {
    const reader: Transport | undefined =
      this.down.queuedBytes > 0 ? this.down.connection?.transport : this.up.connection?.transport
    const unsent = reader?.unsent ?? 0
    const before = this.unsentBefore
    this.unsentBefore = unsent
    return unsent < before
  }

  /** Ends it without the endpoint's response, or in the middle of that; `code` is for the client's stream then. */
  private fail(refusal: Refusal, code: number = INTERNAL_ERROR): void {
    this.leaveUpstream()
    const { down } = this
    if (this.running) {
      this.counters.failure(refusal.reason).add()
      if (!this.responseStarted && down.open) this.reply(refusal)
      else down.connection?.reset(down, code)
      this.finish(refusal.text)
    } else {
      down.connection?.reset(down, code)
    }
    this.settle()
  }

  private reply(refusal: Refusal): void {
    const { down, head } = this
    this.responseStarted = true
    if (head.grpc) {
      this.status = 200
      this.grpcStatus = grpcStatusOf(refusal)
      this.grpcMessage = refusal.text
      replyGrpc(down, refusal)
    } else {
      this.status = refusal.status
      replyText(down, refusal, head.method === 'HEAD')
    }
  }

  /** The client is not there any more. */
  private abort(refusal: Refusal): void {
    this.leaveUpstream()
    if (!this.running) return
    this.counters.failure(refusal.reason).add()
    this.finish(refusal.text)
  }

  private leaveUpstream(): void {
    this.waitsAt?.leave(this)
    this.waitsAt = undefined
    this.up.connection?.reset(this.up, CANCEL)
  }

  /** Called at the end of whatever happened: looks whether that was all. */
  private settle(): void {
    const { up, down } = this
    if (this.running && down.sendEnded && up.receiveEnded) this.finish(this.outcome())
    if (!this.running && !up.open && down.open && down.sendEnded) down.connection?.reset(down, NO_ERROR)
    if (up.open || down.open || this.over) return
    this.over = true
    this.home.takeBack(this)
  }

  private outcome(): string {
    if (this.head.grpc) return grpcError(this.spanKind, this.grpcStatus)
    return this.status >= 500 ? `status ${this.status}` : ''
  }

  private finish(error: string): void {
    this.running = false
    this.record.traced.callTags = this.head.grpc ? grpcTags(this.grpcStatus, this.grpcMessage) : ''
    this.record.end(this, error)
  }
}
