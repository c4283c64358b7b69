import { type Micros, ZERO_MICROS } from '../../model/micros.ts'
import { traceparentValue } from '../../wire/traceparent.ts'
import type { CompleteContext } from './complete-context.ts'
import type { SpanFacts } from './span-facts.ts'
import type { NamedRequest } from './span-names.ts'

/** A request as its head says it. */
export interface NoticedRequest extends NamedRequest {
  /** As the tag `http.protocol` has it. */
  readonly protocol: string
  readonly userAgent: string
}

/** What a response says itself; empty: nothing. */
export interface ResponseContext {
  readonly traceResponse: string
  readonly requestId: string
}

/** The span of the exchange that a connection is just at; filled again for the next. */
export class ExchangeSpan implements SpanFacts {
  /** The span will be recorded. */
  recording = false
  /** The headers that the request goes on with are written as lines. */
  readonly asLines: boolean
  /** Those lines, each ended; empty while tracing is off. */
  headerLines = ''
  /** What those headers say; undefined while tracing is off. */
  context: CompleteContext | undefined
  madeRequestId = false
  /** The response says which trace and which request it belongs to. */
  responding = false
  startedAt: Micros = ZERO_MICROS
  /** Of the whole exchange: a span is of one attempt. */
  begin: Micros = ZERO_MICROS
  begunAt: Micros = ZERO_MICROS

  traceId = ''
  spanId = ''
  parentId: string | undefined
  shared = false
  debug = false
  name = ''
  start: Micros = ZERO_MICROS
  duration: Micros = ZERO_MICROS
  host = ''
  target = ''
  method = ''
  protocol = 'HTTP/1.1'
  status = 0
  requestBytes = 0
  responseBytes = 0
  cluster = ''
  peer = ''
  remoteService = ''
  remoteAddress = ''
  remotePort = 0
  requestId = ''
  userAgent = ''
  headerTags = ''
  callTags = ''
  /** Of a call of gRPC, as it came; empty: there was none. */
  grpcStatus = ''
  error = ''

  constructor(asLines: boolean) {
    this.asLines = asLines
  }

  /** Tracing is off for this exchange. */
  clear(): void {
    this.recording = false
    this.headerLines = ''
    this.context = undefined
    this.madeRequestId = false
    this.responding = false
    this.requestId = ''
  }

  /** A request begins; nothing is known yet of what becomes of it. */
  notice(head: NoticedRequest, now: Micros, monotonic: Micros): void {
    this.start = now
    this.startedAt = monotonic
    this.begin = now
    this.begunAt = monotonic
    this.host = head.host
    this.target = head.target
    this.method = head.method
    this.protocol = head.protocol
    this.userAgent = head.userAgent
    this.headerTags = ''
    this.callTags = ''
    this.grpcStatus = ''
    this.status = 0
    this.requestBytes = 0
    this.responseBytes = 0
    this.cluster = ''
    this.peer = ''
    this.remoteService = ''
    this.remoteAddress = ''
    this.remotePort = 0
    this.error = ''
  }

  /** Header lines that the response lacks (w3.org/TR/trace-context-2, "traceresponse"), each ended. */
  responseLines(said: ResponseContext): string {
    if (this.context === undefined || !this.responding) return ''
    const trace = said.traceResponse === '' ? `traceresponse: ${traceparentValue(this.context)}\r\n` : ''
    return said.requestId === '' ? `${trace}x-request-id: ${this.requestId}\r\n` : trace
  }
}
