import { micros } from '../../model/micros.ts'
import type { SidecarIdentity, TracingConfig } from '../../model/sidecar-config.ts'
import { b3TraceId } from '../../wire/b3.ts'
import type { TraceContext } from '../../wire/trace-context.ts'
import { copyOf } from '../http/copied-text.ts'
import { traceKey } from './decision-memory.ts'
import type { RelaySpan } from './relay-span.ts'
import { createRelayPrinter, type RelayPrinter } from './relay-text.ts'
import type { TracerGround } from './request-tracer.ts'
import { isSampled, traceNumber } from './sampling.ts'
import type { ZipkinKind } from './span-text.ts'

export interface RelayTracerOptions extends TracerGround {
  readonly kind: ZipkinKind
  readonly identity: SidecarIdentity
  readonly tracing: Pick<TracingConfig, 'sampledFraction'>
}

/** Makes the spans of relayed connections of one direction under one configuration. */
export class RelayTracer {
  private readonly options: RelayTracerOptions
  private readonly print: RelayPrinter

  constructor(options: RelayTracerOptions) {
    this.options = options
    this.print = createRelayPrinter(options.kind, options.identity)
  }

  /**
   * Bytes carry no context: without one from the request that the connection began with, it is a trace of its own,
   * which the fraction decides about. `place`: where the connection leads.
   */
  begin(span: RelaySpan, came: TraceContext | undefined, place: string): void {
    const { ids, names, tracing } = this.options
    const traceId = came?.traceId ?? ids.traceId()
    span.traceId = copyOf(b3TraceId(traceId, came?.traceId !== undefined && came.shortId))
    span.spanId = ids.spanId()
    span.parentId = came?.spanId === undefined ? undefined : copyOf(came.spanId)
    span.debug = came?.debug ?? false
    const decided = came?.sampled ?? this.remembered(came)
    span.recording = decided ?? isSampled(traceNumber(traceId), tracing.sampledFraction)
    if (span.recording) span.name = names.nameOfRelay(place)
  }

  /** What was decided inbound for the trace that the app goes on with. */
  private remembered(came: TraceContext | undefined): boolean | undefined {
    if (came?.traceId === undefined || this.options.kind === 'SERVER') return undefined
    const decision = this.options.decisions.recall(traceKey(came.traceId))
    return decision === undefined ? undefined : decision !== 'unsampled'
  }

  record(span: RelaySpan): void {
    span.duration = micros(Math.max(1, this.options.clock.monotonic() - span.startedAt))
    this.options.record(this.print(span))
  }
}
