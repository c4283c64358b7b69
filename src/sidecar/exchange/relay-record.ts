import type { TraceContext } from '../../wire/trace-context.ts'
import type { AccessLog } from '../access-log/access-log.ts'
import { copyOf } from '../http/copied-text.ts'
import { ClientHelloReader } from '../net/client-hello.ts'
import type { Endpoint } from '../routing/endpoint.ts'
import type { Route } from '../routing/route.ts'
import type { Direction } from '../sidecar-metrics.ts'
import { RelaySpan } from '../tracing/relay-span.ts'
import type { RelayTracer } from '../tracing/relay-tracer.ts'
import type { DataPlane } from './data-plane.ts'

/** Where a connection came from. */
export interface RelayOrigin {
  readonly direction: Direction
  /** The client, as the PROXY line or the socket says; in spans of inbound connections. */
  readonly clientAddress: string
  readonly clientPort: number
  /** What it began with, where that was a request before it became something else. */
  readonly request?: RelayRequest | undefined
}

export interface RelayRequest {
  /** What CONNECT named; else empty. */
  readonly authority: string
  /** The trace that it belongs to; undefined: it said nothing. */
  readonly context: TraceContext | undefined
  /** What was changed to (`websocket`); empty: anything. */
  readonly protocol: string
}

export interface RelayPlace {
  readonly route: Route | undefined
  readonly endpoint: Endpoint | undefined
  /** A connection without a byte leaves nothing: other sidecars make such ones, so that a server can speak first. */
  readonly onlyIfUsed?: boolean
}

const LONGEST_PROTOCOL = 64

/** Keeps the books of one relayed connection: bytes, and the span and the line that it leaves when it has ended. */
export class RelayRecord {
  private readonly origin: RelayOrigin
  private readonly place: RelayPlace
  private readonly tracer: RelayTracer | undefined
  private readonly log: AccessLog | undefined
  private readonly span = new RelaySpan()
  private readonly hello: ClientHelloReader | undefined
  private ended = false

  constructor(plane: DataPlane, origin: RelayOrigin, place: RelayPlace) {
    const { tracing, accessLog } = plane.tables
    this.origin = origin
    this.place = place
    this.tracer = origin.direction === 'outbound' ? tracing?.clientRelays : tracing?.serverRelays
    this.log = accessLog
    const { span } = this
    span.start = plane.clock.now()
    span.startedAt = plane.clock.monotonic()
    span.authority = copyOf(origin.request?.authority ?? '')
    span.protocol = copyOf((origin.request?.protocol ?? '').slice(0, LONGEST_PROTOCOL)).toLowerCase()
    this.tracer?.begin(span, origin.request?.context, place.route?.cluster ?? span.authority)
    const told = span.recording || accessLog !== undefined
    this.hello = told && span.protocol === '' ? new ClientHelloReader() : undefined
  }

  clientSaid(bytes: Buffer): void {
    this.span.sentBytes += bytes.length
    this.hello?.take(bytes)
  }

  serverSaid(bytes: Buffer): void {
    this.span.receivedBytes += bytes.length
  }

  /** The first reason is the true one: what comes after follows from it. */
  failed(error: string): void {
    this.span.error ||= error
  }

  /** `upstreamAddress`: empty where no connection stood. */
  end(upstreamAddress: string): void {
    if (this.ended) return
    this.ended = true
    const counters = this.place.route?.counters
    counters?.sentBytes.add(this.span.sentBytes)
    counters?.receivedBytes.add(this.span.receivedBytes)
    if (!this.span.recording && this.log === undefined) return
    if (this.place.onlyIfUsed === true && this.unused()) return
    this.describe(upstreamAddress)
    if (this.span.recording) this.tracer?.record(this.span)
    this.log?.relay(this.span, this.origin.direction)
  }

  private unused(): boolean {
    const { sentBytes, receivedBytes, error } = this.span
    return sentBytes === 0 && receivedBytes === 0 && error === ''
  }

  private describe(upstreamAddress: string): void {
    const { span, hello, origin } = this
    const { route, endpoint } = this.place
    if (hello?.isTls === true) span.protocol = 'tls'
    span.serverName = hello?.serverName ?? ''
    span.cluster = route?.clusterJson ?? ''
    span.peer = endpoint?.nameJson ?? ''
    span.remoteService = route?.remoteService ?? ''
    if (origin.direction === 'inbound') {
      span.remoteAddress = origin.clientAddress
      span.remotePort = origin.clientPort
    } else {
      span.remoteAddress = (span.remoteService === '' ? endpoint?.address : upstreamAddress) ?? ''
      span.remotePort = endpoint?.port ?? 0
    }
  }
}
