import type { TraceId } from '../../model/ids.ts'
import type { Span } from '../../model/span.ts'
import type { Operation } from '../span-store.ts'
import { OperationCounts } from './operation-counts.ts'
import type { SpanPacker } from './span-packer.ts'
import { PlaceBook, type StoredTrace } from './stored-trace.ts'
import { textBytes } from './text-pool.ts'
import { TraceIndex } from './trace-index.ts'

/** A trace's own objects and its places in the indexes. */
const TRACE_BYTES = 800
/** What is kept of a service, and of each name of its spans, beside the text. */
const SERVICE_BYTES = 900
const OPERATION_BYTES = 300

/** What the engine knows of one service. */
interface ServiceShelf {
  readonly traces: TraceIndex
  readonly operations: OperationCounts
}

/** All traces: by id, by service, by newest start, and in the order in which they were first received. */
export class TraceTable {
  spans = 0
  bytes = 0
  /** All traces. */
  readonly index: TraceIndex = new TraceIndex()
  readonly #packer: SpanPacker
  readonly #traces: Map<TraceId, StoredTrace> = new Map()
  readonly #services: Map<string, ServiceShelf> = new Map()
  #eldest: StoredTrace | undefined
  #youngest: StoredTrace | undefined

  constructor(packer: SpanPacker) {
    this.#packer = packer
  }

  get size(): number {
    return this.#traces.size
  }

  get(id: TraceId): StoredTrace | undefined {
    return this.#traces.get(id)
  }

  add(spans: readonly Span[]): void {
    const touched = new Set<TraceIndex>([this.index])
    for (const decoded of spans) {
      const trace = this.#traceOf(decoded.traceId)
      const { span, bytes } = this.#packer.pack(decoded, trace.traceId)
      trace.spans.push(span)
      trace.bytes += bytes
      this.bytes += bytes
      this.index.note(trace, span.start)
      const shelf = this.#shelfOf(span.resource.service)
      shelf.traces.note(trace, span.start)
      if (shelf.operations.add(span.name, span.kind)) this.bytes += OPERATION_BYTES
      touched.add(shelf.traces)
    }
    this.spans += spans.length
    for (const index of touched) index.settle()
  }

  /** Takes the trace out that was received first; the answer is the number of its spans, 0 where none is left. */
  removeEldest(): number {
    const trace = this.#eldest
    if (trace === undefined) return 0
    this.#eldest = trace.next
    if (this.#eldest === undefined) this.#youngest = undefined
    trace.next = undefined
    this.#traces.delete(trace.traceId)
    this.index.remove(trace)
    this.#clearShelves(trace)
    this.spans -= trace.spans.length
    this.bytes -= trace.bytes
    return trace.spans.length
  }

  serviceIndex(service: string): TraceIndex | undefined {
    return this.#services.get(service)?.traces
  }

  /** Sorted, without the empty name. */
  services(): readonly string[] {
    return [...this.#services.keys()].filter(service => service !== '').sort()
  }

  operations(service: string): readonly Operation[] {
    return this.#services.get(service)?.operations.list() ?? []
  }

  #traceOf(traceId: TraceId): StoredTrace {
    const known = this.#traces.get(traceId)
    if (known !== undefined) return known
    const created: StoredTrace = {
      traceId,
      spans: [],
      places: new PlaceBook(),
      bytes: TRACE_BYTES,
      next: undefined,
    }
    this.#traces.set(traceId, created)
    this.bytes += TRACE_BYTES
    if (this.#youngest === undefined) this.#eldest = created
    else this.#youngest.next = created
    this.#youngest = created
    return created
  }

  #shelfOf(service: string): ServiceShelf {
    const known = this.#services.get(service)
    if (known !== undefined) return known
    const created: ServiceShelf = { traces: new TraceIndex(), operations: new OperationCounts() }
    this.#services.set(service, created)
    this.bytes += serviceBytes(service)
    return created
  }

  #clearShelves(trace: StoredTrace): void {
    const left = new Set<string>()
    for (const { name, kind, resource } of trace.spans) {
      left.add(resource.service)
      const operations = this.#services.get(resource.service)?.operations
      if (operations?.remove(name, kind)) this.bytes -= OPERATION_BYTES
    }
    for (const service of left) {
      const shelf = this.#services.get(service)
      shelf?.traces.remove(trace)
      if (shelf?.traces.size !== 0) continue
      this.#services.delete(service)
      this.bytes -= serviceBytes(service)
    }
  }
}

function serviceBytes(service: string): number {
  return SERVICE_BYTES + textBytes(service)
}
