import type { SpanId, TraceId } from '../model/ids.ts'
import type { Micros, TimeRange } from '../model/micros.ts'
import type { SpanKind } from '../model/span.ts'
import type { DependencyLink, Trace } from '../model/trace.ts'

/** How the bytes of a batch are to be read. */
export type BatchFormat = 'zipkin-json-v2' | 'otlp-proto' | 'otlp-json'

/**
 * A batch as it was received, decompressed. The store takes the bytes and not spans, so that a durable
 * engine can log them as they are and decode in another thread. The store owns `bytes` from the call on.
 */
export interface SpanBatch {
  readonly format: BatchFormat
  readonly bytes: Uint8Array
  readonly receivedAt: Micros
  /** Names the batch of a sender that repeats: one that was written before is accepted and not written again. */
  readonly sender?: { readonly id: string; readonly sequence: number }
}

export type AppendOutcome =
  /**
   * All spans of the batch are kept as well as the engine promises (`SpanStoreStatus.durable`), except those
   * that could not be: they are in `discarded`, by reason. `spans` is what this call added.
   * `repeated`: the batch was there before, and nothing was added.
   */
  | {
      readonly status: 'accepted'
      readonly spans: number
      readonly discarded: ReadonlyMap<string, number>
      readonly repeated?: true
    }
  /** Nothing was kept: the bytes do not read as `format`. `message` goes to the sender as it is. */
  | { readonly status: 'malformed'; readonly message: string }
  /** Nothing was kept: too much is waiting. */
  | { readonly status: 'overloaded'; readonly retryAfterMillis: number }

export interface AttributePredicate {
  readonly key: string
  /** Compared with the attribute's value as text, exactly. */
  readonly value: string
}

/** All that is named must hold for ONE span of the trace. */
export interface TraceQuery {
  readonly service?: string
  readonly operation?: string
  readonly kind?: SpanKind
  /** Attributes of the span, its resource, its events. `error`, `span.kind` also mean status and kind. */
  readonly attributes?: readonly AttributePredicate[]
  /** The start of the matching span. */
  readonly range: TimeRange
  readonly minDuration?: Micros
  readonly maxDuration?: Micros
  /** At least 1. */
  readonly limit: number
  /** From the page before: goes on behind it. */
  readonly cursor?: Cursor
}

/** Where a page ended: the newest matching span start of its last trace, and that trace's id (keyset). */
export interface Cursor {
  readonly start: Micros
  readonly traceId: TraceId
}

export interface FoundTrace extends Trace {
  /** Matching spans, newest start first; never empty. */
  readonly matched: readonly SpanId[]
  /** Start of the newest matching span: the order of a search. */
  readonly newestMatch: Micros
}

export interface TracePage {
  /** Complete traces, newest match first, ties by trace id ascending. */
  readonly traces: readonly FoundTrace[]
  /** Absent on the last page. */
  readonly next?: Cursor
}

export interface Operation {
  readonly name: string
  readonly kind: SpanKind
}

/** Counters of the store's ledger, in spans: written = present + evicted + expired. */
export interface SpanStoreStatus {
  readonly engine: string
  /** False: what is present ends with the process. */
  readonly durable: boolean
  readonly written: number
  readonly present: number
  /** Out for want of room, eldest trace first. */
  readonly evicted: number
  /** Out by age. */
  readonly expired: number
  readonly traces: number
  /** What the spans take, as the engine estimates it, and the bound that it keeps. */
  readonly bytes: number
  readonly maxBytes: number
}

export interface SpanWriter {
  /** Resolves when the outcome is settled. Never throws for bad bytes. */
  append(batch: SpanBatch): Promise<AppendOutcome>
}

export interface SpanReader {
  /** Every span of the trace, also late ones and repeated ids; undefined where the trace is unknown. */
  getTrace(id: TraceId): Promise<Trace | undefined>
  findTraces(query: TraceQuery): Promise<TracePage>
  /** Sorted; without the empty name. */
  services(): Promise<readonly string[]>
  /** Sorted by name, then kind; each pair once. */
  operations(service: string): Promise<readonly Operation[]>
  /** Calls between services in traces that have a span starting in the range. */
  dependencies(range: TimeRange): Promise<readonly DependencyLink[]>
  status(): SpanStoreStatus
}

/**
 * Keeps spans. Nothing is merged by ids at write: what came in comes back, also twice.
 * Arrays and objects that are returned are never changed afterwards, by nobody.
 * The executable form of this contract is `span-store.contract.ts`; every engine runs it.
 */
export interface SpanStore extends SpanWriter, SpanReader, AsyncDisposable {}
