import type { AccessLogConfig } from '../../model/sidecar-config.ts'
import type { Clock } from '../../runtime/clock.ts'
import type { Direction } from '../sidecar-metrics.ts'
import type { ExchangeSpan, NoticedRequest } from '../tracing/exchange-span.ts'
import type { RelaySpan } from '../tracing/relay-span.ts'
import { type ShownTarget, shownTargetBy } from '../tracing/shown-target.ts'
import {
  type ClientOfLine,
  exchangeLine,
  type LineFrame,
  type RefusedHead,
  refusedHeadLine,
  relayLine,
} from './access-line.ts'
import type { LineSink } from './line-sink.ts'

/** What outlives a configuration. */
export interface AccessLogGround {
  readonly clock: Clock
  readonly sink: LineSink
}

export interface NotedRequest extends NoticedRequest {
  readonly requestId: string
}

/** A line for each exchange and each relayed connection, under one configuration. */
export class AccessLog {
  private readonly clock: Clock
  private readonly sink: LineSink
  private readonly shown: ShownTarget

  constructor({ queryStrings }: AccessLogConfig, { clock, sink }: AccessLogGround) {
    this.clock = clock
    this.sink = sink
    this.shown = shownTargetBy(queryStrings)
  }

  /** What a recorded span knows already, where there is none. */
  begin(head: NotedRequest, span: ExchangeSpan): void {
    if (span.recording) return
    span.notice(head, this.clock.now(), this.clock.monotonic())
    span.target = this.shown(head.target)
    if (span.context === undefined) span.requestId = head.requestId
  }

  exchange(span: ExchangeSpan, frame: Omit<LineFrame, 'micros'>): void {
    this.sink.write(exchangeLine(span, { ...frame, micros: this.clock.monotonic() - span.begunAt }))
  }

  /** A request whose head was not understood: nothing of it can be told. */
  refusedHead(from: ClientOfLine, refused: RefusedHead): void {
    this.sink.write(refusedHeadLine(this.clock.now(), from, refused))
  }

  relay(span: RelaySpan, direction: Direction): void {
    const micros = this.clock.monotonic() - span.startedAt
    this.sink.write(relayLine(span, { direction, reason: '', micros }))
  }
}
