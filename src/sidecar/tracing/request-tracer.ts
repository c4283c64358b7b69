import type { TraceId } from '../../model/ids.ts'
import { micros } from '../../model/micros.ts'
import type { SidecarIdentity, TracingConfig } from '../../model/sidecar-config.ts'
import type { Clock } from '../../runtime/clock.ts'
import type { IdSource } from '../../runtime/random-ids.ts'
import { b3TraceId } from '../../wire/b3.ts'
import { extractContext, traceHeaderLines } from '../../wire/propagation.ts'
import type { TraceContext } from '../../wire/trace-context.ts'
import type { DirectionCounters } from '../sidecar-metrics.ts'
import type { CompleteContext } from './complete-context.ts'
import { type Decision, type DecisionMemory, traceKey } from './decision-memory.ts'
import type { ExchangeSpan } from './exchange-span.ts'
import { createHeaderTags, type HeaderTags } from './header-tags.ts'
import { isSampled, traceNumber } from './sampling.ts'
import { type ShownTarget, shownTargetBy } from './shown-target.ts'
import type { SpanNames } from './span-names.ts'
import { createSpanPrinter, type SpanPrinter, type ZipkinKind } from './span-text.ts'
import type { TracedRequest } from './traced-request.ts'

/** What outlives a configuration. */
export interface TracerGround {
  readonly clock: Clock
  readonly ids: IdSource
  readonly decisions: DecisionMemory
  readonly names: SpanNames
  readonly record: (span: string) => void
}

export interface RequestTracerOptions extends TracerGround {
  readonly kind: ZipkinKind
  readonly identity: SidecarIdentity
  readonly tracing: Omit<TracingConfig, 'address' | 'port' | 'endpoint' | 'resolved'>
  readonly counters: Pick<DirectionCounters, 'sampled' | 'unsampled'>
}

/**
 * Makes the spans of one direction under one configuration. CLIENT: the requests that the app makes, each with a span
 * id of its own. SERVER: the requests that come to it; it shares the span id of a client that speaks B3.
 */
export class RequestTracer {
  private readonly options: RequestTracerOptions
  private readonly print: SpanPrinter
  private readonly shown: ShownTarget
  private readonly headerTags: HeaderTags | undefined

  constructor(options: RequestTracerOptions) {
    this.options = options
    this.shown = shownTargetBy(options.tracing.queryStrings)
    this.headerTags = createHeaderTags(options.tracing.headerTags)
    this.print = createSpanPrinter(options.kind, options.identity)
  }

  /** Joins the request to its trace, or begins one, and decides whether its span is recorded. */
  begin(head: TracedRequest, span: ExchangeSpan): void {
    const came = extractContext(head.trace)
    const traceId = came?.traceId ?? this.options.ids.traceId()
    const decision = this.decide(traceId, came)
    const shared = this.options.kind === 'SERVER' && came !== undefined && came.format !== 'w3c'
    const context = this.contextOf({ traceId, came, decision, shared })
    span.shared = shared && context.spanId === came?.spanId
    span.recording = decision !== 'unsampled'
    span.responding = this.options.tracing.responseHeaders
    span.madeRequestId = head.requestId === ''
    span.requestId = span.madeRequestId ? this.options.ids.requestId() : head.requestId
    this.spell(span, context)
    if (span.recording) this.start(head, span)
    else this.options.counters.unsampled.add()
  }

  /** The request is sent once more: what was is recorded, and a span of its own begins. */
  again(span: ExchangeSpan): void {
    const { context } = span
    if (context === undefined) return
    if (span.recording) this.record(span)
    // The client's span has one server half, which was the first attempt; this one is its child.
    const parentId = span.shared ? context.spanId : context.parentId
    span.shared = false
    this.spell(span, { ...context, parentId, spanId: this.options.ids.spanId() })
    if (!span.recording) return
    span.startedAt = this.options.clock.monotonic()
    span.start = this.options.clock.wallAt(span.startedAt)
    span.error = ''
  }

  /** Ends the span; what it says beyond the request was written into it before. */
  record(span: ExchangeSpan): void {
    span.duration = micros(Math.max(1, this.options.clock.monotonic() - span.startedAt))
    this.options.record(this.print(span))
  }

  /** Who came first decides: the request itself, what was decided inbound for its trace, then the fraction. */
  private decide(traceId: TraceId, came: TraceContext | undefined): Decision {
    // Nobody can have decided for an id that was just made.
    const known = came?.traceId === undefined ? undefined : this.remembered(traceId)
    const decision = decisionOf(came) ?? known ?? this.drawn(traceId)
    if (this.options.kind === 'SERVER') this.options.decisions.remember(traceKey(traceId), decision)
    return decision
  }

  private remembered(traceId: TraceId): Decision | undefined {
    return this.options.kind === 'CLIENT' ? this.options.decisions.recall(traceKey(traceId)) : undefined
  }

  private drawn(traceId: TraceId): Decision {
    return isSampled(traceNumber(traceId), this.options.tracing.sampledFraction) ? 'sampled' : 'unsampled'
  }

  private contextOf(made: {
    traceId: TraceId
    came: TraceContext | undefined
    decision: Decision
    shared: boolean
  }): CompleteContext {
    const { traceId, came, decision } = made
    const sharedId = made.shared ? came?.spanId : undefined
    return {
      traceId,
      shortId: came?.traceId !== undefined && came.shortId,
      spanId: sharedId ?? this.options.ids.spanId(),
      parentId: sharedId === undefined ? came?.spanId : came?.parentId,
      sampled: decision !== 'unsampled',
      debug: decision === 'debug',
      // Ids of our own are random to the last bit.
      random: came?.traceId === undefined || came.random,
      format: came?.format ?? 'b3',
      traceState: came?.traceState ?? '',
    }
  }

  private spell(span: ExchangeSpan, context: CompleteContext): void {
    span.context = context
    if (span.asLines) span.headerLines = linesOf(span, context)
    span.traceId = b3TraceId(context.traceId, context.shortId)
    span.spanId = context.spanId
    span.parentId = context.parentId
  }

  private start(head: TracedRequest, span: ExchangeSpan): void {
    this.options.counters.sampled.add()
    span.debug = span.context?.debug ?? false
    const startedAt = this.options.clock.monotonic()
    span.notice(head, this.options.clock.wallAt(startedAt), startedAt)
    span.target = this.shown(head.target)
    if (this.headerTags !== undefined) span.headerTags = this.headerTags(head.kept)
    span.name = this.options.names.nameOf(head, this.options.tracing.spanName)
  }
}

function linesOf(span: ExchangeSpan, context: CompleteContext): string {
  const lines = traceHeaderLines(context)
  return span.madeRequestId ? `${lines}x-request-id: ${span.requestId}\r\n` : lines
}

function decisionOf(came: TraceContext | undefined): Decision | undefined {
  if (came?.sampled === undefined) return undefined
  if (came.debug) return 'debug'
  return came.sampled ? 'sampled' : 'unsampled'
}
