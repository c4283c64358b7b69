import { type Micros, ZERO_MICROS } from '../../model/micros.ts'
import type { CompleteContext } from './complete-context.ts'
import type { SpanFacts } from './span-text.ts'

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
  startedAt: Micros = ZERO_MICROS

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
  moreTags = ''
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
  }
}
