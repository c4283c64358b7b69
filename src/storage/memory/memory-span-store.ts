import type { TraceId } from '../../model/ids.ts'
import type { TimeRange } from '../../model/micros.ts'
import type { DependencyLink, Trace } from '../../model/trace.ts'
import type { Clock } from '../../runtime/clock.ts'
import { collectSpans } from '../../wire/collect-spans.ts'
import { createBatchDecoder } from '../batch-decoder.ts'
import type {
  AppendOutcome,
  Operation,
  SpanBatch,
  SpanStore,
  SpanStoreStatus,
  TracePage,
  TraceQuery,
} from '../span-store.ts'
import { createBreather } from './breather.ts'
import { SentBatches } from './sent-batches.ts'
import { SpanPacker } from './span-packer.ts'
import { TextPool } from './text-pool.ts'
import { traceLinks } from './trace-links.ts'
import { searchTraces } from './trace-search.ts'
import { TraceTable } from './trace-table.ts'

export interface MemoryOptions {
  /** Of the estimate. At the bound, the trace that was received first goes out. */
  readonly maxBytes: number
  /** 0: as many as fit. */
  readonly maxTraces: number
  readonly clock: Clock
}

const POOLED_TEXTS = 16_384
const REMEMBERED_SENDERS = 10_000
const NONE: ReadonlyMap<string, number> = new Map()

/**
 * Keeps spans as objects until the process ends. Its bound is an estimate of what they take in the heap, so
 * that it needs no look at the heap; `SpanPacker` says how it is made.
 */
export function createMemorySpanStore(options: MemoryOptions): SpanStore {
  return new MemorySpanStore(options)
}

class MemorySpanStore implements SpanStore {
  readonly #options: MemoryOptions
  readonly #table = new TraceTable(new SpanPacker(new TextPool(POOLED_TEXTS)))
  readonly #sent = new SentBatches(REMEMBERED_SENDERS)
  readonly #decode = createBatchDecoder()
  #written = 0
  #evicted = 0

  constructor(options: MemoryOptions) {
    this.#options = options
  }

  append(batch: SpanBatch): Promise<AppendOutcome> {
    return Promise.resolve(this.#append(batch))
  }

  #append(batch: SpanBatch): AppendOutcome {
    if (batch.sender !== undefined && this.#sent.has(batch.sender)) {
      return { status: 'accepted', spans: 0, discarded: NONE, repeated: true }
    }
    const { sink, spans } = collectSpans()
    const outcome = this.#decode(batch, sink)
    if (outcome.status === 'malformed') return outcome
    if (batch.sender !== undefined) this.#sent.add(batch.sender)
    this.#table.add(spans)
    this.#written += spans.length
    this.#evict()
    return { status: 'accepted', spans: spans.length, discarded: outcome.discarded }
  }

  #evict(): void {
    const { maxBytes, maxTraces } = this.#options
    while (this.#table.bytes > maxBytes || (maxTraces > 0 && this.#table.size > maxTraces)) {
      this.#evicted += this.#table.removeEldest()
    }
  }

  getTrace(id: TraceId): Promise<Trace | undefined> {
    const trace = this.#table.get(id)
    return Promise.resolve(trace && { traceId: trace.traceId, spans: trace.spans.slice() })
  }

  findTraces(query: TraceQuery): Promise<TracePage> {
    const index = query.service === undefined ? this.#table.index : this.#table.serviceIndex(query.service)
    if (index === undefined) return Promise.resolve({ traces: [] })
    return searchTraces(index, query, createBreather(this.#options.clock))
  }

  services(): Promise<readonly string[]> {
    return Promise.resolve(this.#table.services())
  }

  operations(service: string): Promise<readonly Operation[]> {
    return Promise.resolve(this.#table.operations(service))
  }

  dependencies(range: TimeRange): Promise<readonly DependencyLink[]> {
    return traceLinks(this.#table.index, range, createBreather(this.#options.clock))
  }

  status(): SpanStoreStatus {
    return {
      engine: 'memory',
      durable: false,
      written: this.#written,
      present: this.#table.spans,
      evicted: this.#evicted,
      expired: 0,
      traces: this.#table.size,
      bytes: this.#table.bytes,
      maxBytes: this.#options.maxBytes,
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve()
  }
}
