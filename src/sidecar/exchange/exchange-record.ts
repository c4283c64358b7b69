import type { AccessLog } from '../access-log/access-log.ts'
import type { Refusal } from '../http/refusal.ts'
import type { Transport } from '../net/transport.ts'
import type { Endpoint } from '../routing/endpoint.ts'
import type { Route } from '../routing/route.ts'
import type { Tables } from '../routing/tables.ts'
import type { DirectionCounters } from '../sidecar-metrics.ts'
import { ExchangeSpan, type ResponseContext } from '../tracing/exchange-span.ts'
import type { RequestTracer } from '../tracing/request-tracer.ts'
import type { TracedRequest } from '../tracing/traced-request.ts'
import type { DataPlane } from './data-plane.ts'
import type { Entry } from './entry.ts'
import { type RelayPlace, RelayRecord } from './relay-record.ts'

/** What is told of the connection to the endpoint, or of the stream on it. */
export interface UpstreamFacts {
  /** Bytes of the content of the response so far. */
  readonly responseBytes: number
  readonly transport: Pick<Transport, 'remoteAddress'>
}

/** What an exchange knows about itself when it ends. */
export interface ExchangeFacts {
  /** 0: there was no response. */
  readonly status: number
  readonly requestBytes: number
  readonly route: Route | undefined
  readonly endpoint: Endpoint | undefined
  readonly upstream: UpstreamFacts | undefined
}

/** Of a response that the sidecar makes itself. */
export const NOTHING_SAID: ResponseContext = { traceResponse: '', requestId: '' }

/** Keeps the books of one exchange after another: counters, and the span where there is one. */
export class ExchangeRecord {
  private readonly entry: Entry
  private readonly counters: DirectionCounters
  private readonly span: ExchangeSpan
  private tracer: RequestTracer | undefined
  private log: AccessLog | undefined
  private reason = ''

  /** `asLines`: trace headers are wanted as lines. */
  constructor(entry: Entry, counters: DirectionCounters, asLines = true) {
    this.span = new ExchangeSpan(asLines)
    this.entry = entry
    this.counters = counters
  }

  /** What the exchange says about itself in headers and tags. */
  get traced(): ExchangeSpan {
    return this.span
  }

  /** Trace headers that the request goes on with. */
  get headerLines(): string {
    return this.span.headerLines
  }

  /** Header lines that the response lacks; `said`: by its own head. */
  responseLines(said: ResponseContext): string {
    return this.span.responseLines(said)
  }

  begin(head: TracedRequest, tables: Tables): void {
    const { tracing, accessLog } = tables
    this.log = accessLog
    this.reason = ''
    this.tracer = this.entry.direction === 'outbound' ? tracing?.client : tracing?.server
    if (this.tracer === undefined) this.span.clear()
    else this.tracer.begin(head, this.span)
    accessLog?.begin(head, this.span)
  }

  /** The sidecar ends the exchange, and says why. */
  refuse({ reason }: Refusal): void {
    this.reason = reason
    this.counters.failure(reason).add()
  }

  /** The exchange changes to another protocol, which belongs to the same trace. */
  becomeRelay(plane: DataPlane, place: RelayPlace, protocol: string): RelayRecord {
    const context = this.span.context
    return new RelayRecord(plane, { ...this.entry, request: { authority: '', context, protocol } }, place)
  }

  /** The request is sent another time; what was is one span, what comes another. */
  again(facts: ExchangeFacts, error: string): void {
    if (this.span.recording) this.describe(facts, error)
    this.tracer?.again(this.span)
  }

  /** `error`: empty where all went well. */
  end(facts: ExchangeFacts, error: string): void {
    const digit = Math.min(5, Math.floor(facts.status / 100))
    this.counters.byClass[digit]?.add()
    const counters = facts.route?.counters
    if (counters !== undefined) {
      counters.requests.add()
      counters.byClass[digit]?.add()
      counters.sentBytes.add(facts.requestBytes)
      counters.receivedBytes.add(facts.upstream?.responseBytes ?? 0)
    }
    const { span, log } = this
    if (!span.recording && log === undefined) return
    this.describe(facts, error)
    if (span.recording) this.tracer?.record(span)
    log?.exchange(span, { direction: this.entry.direction, reason: this.reason })
  }

  private describe(facts: ExchangeFacts, error: string): void {
    const { route, endpoint, upstream } = facts
    const { span } = this
    span.error = error
    span.status = facts.status
    span.requestBytes = facts.requestBytes
    span.responseBytes = upstream?.responseBytes ?? 0
    span.cluster = route?.clusterJson ?? ''
    span.peer = endpoint?.nameJson ?? ''
    span.remoteService = route?.remoteService ?? ''
    if (this.entry.direction === 'inbound') {
      span.remoteAddress = this.entry.clientAddress
      span.remotePort = this.entry.clientPort
    } else {
      // The address of a host beyond the mesh is known when the connection stands.
      span.remoteAddress =
        (span.remoteService === '' ? endpoint?.address : upstream?.transport.remoteAddress) ?? ''
      span.remotePort = endpoint?.port ?? 0
    }
  }
}
