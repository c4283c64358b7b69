import type { SpanId, TraceId } from '../model/ids.ts'
import type { Micros, TimeRange } from '../model/micros.ts'
import type { Span } from '../model/span.ts'
import type { Trace } from '../model/trace.ts'
import { collectSpans } from '../wire/collect-spans.ts'
import { decodeZipkinJson } from '../wire/zipkin-json-decode.ts'
import { encodeZipkinJson } from '../wire/zipkin-json-encode.ts'
import type { AppendOutcome, SpanBatch, SpanStore, TracePage, TraceQuery } from './span-store.ts'

/** What a test asks of the store that it gets. */
export interface ContractOptions {
  /** The least bound that the engine takes where a test wants it to be reached; undefined: as large as can be. */
  readonly maxBytes?: number
}

export type OpenStore = (options: ContractOptions) => Promise<SpanStore>

/** Runs the body on a store of its own. */
export type ContractTest = (
  name: string,
  body: (store: SpanStore) => Promise<void>,
  options?: ContractOptions,
) => void

/** Some instant; the store under test may have an idea of how old is too old. */
export const NOW = 1_700_000_000_000_000
export const EVER: TimeRange = { from: 0 as Micros, to: Number.MAX_SAFE_INTEGER as Micros }

export const traceId = (number: number): TraceId => `f${number.toString(16).padStart(31, '0')}` as TraceId
export const spanId = (number: number): SpanId => `e${number.toString(16).padStart(15, '0')}` as SpanId

export interface SpanFields {
  readonly trace?: number
  readonly id?: number
  readonly parent?: number
  readonly service?: string
  readonly name?: string
  readonly kind?: 'CLIENT' | 'SERVER' | 'PRODUCER' | 'CONSUMER'
  readonly start?: number
  readonly duration?: number
  readonly tags?: Readonly<Record<string, string>>
  readonly shared?: true
}

/** A span of Zipkin's v2 JSON, its fields in Zipkin's order. */
export function zipkinSpan(fields: SpanFields): Record<string, unknown> {
  const {
    trace = 1,
    id = 1,
    parent,
    service = 'shop',
    name = 'get',
    kind,
    start = NOW,
    duration = 100,
  } = fields
  return {
    traceId: traceId(trace),
    ...(parent === undefined ? {} : { parentId: spanId(parent) }),
    id: spanId(id),
    ...(kind === undefined ? {} : { kind }),
    name,
    timestamp: start,
    duration,
    localEndpoint: { serviceName: service },
    ...(fields.tags === undefined ? {} : { tags: fields.tags }),
    ...(fields.shared === undefined ? {} : { shared: true }),
  }
}

export function batchOf(spans: readonly unknown[] | string, sender?: SpanBatch['sender']): SpanBatch {
  const text = typeof spans === 'string' ? spans : JSON.stringify(spans)
  return {
    format: 'zipkin-json-v2',
    bytes: new TextEncoder().encode(text),
    receivedAt: NOW as Micros,
    ...(sender === undefined ? {} : { sender }),
  }
}

/** Fails unless the store accepts the spans. */
export async function write(
  store: SpanStore,
  spans: readonly unknown[],
): Promise<AppendOutcome & { readonly status: 'accepted' }> {
  const outcome = await store.append(batchOf(spans))
  if (outcome.status !== 'accepted') throw new Error(`The batch was not accepted: ${JSON.stringify(outcome)}`)
  return outcome
}

export function find(store: SpanStore, query: Partial<TraceQuery>): Promise<TracePage> {
  return store.findTraces({ range: EVER, limit: 1000, ...query })
}

/** The traces of all pages; `between` runs after each page. */
export async function findInPages(
  store: SpanStore,
  query: Partial<TraceQuery>,
  between: () => Promise<void> = async () => undefined,
): Promise<readonly TraceId[]> {
  const found: TraceId[] = []
  let { traces, next } = await find(store, query)
  for (;;) {
    found.push(...traces.map(trace => trace.traceId))
    if (next === undefined) return found
    await between()
    ;({ traces, next } = await find(store, { ...query, cursor: next }))
  }
}

/** What the spans are in the model. */
export function decoded(spans: readonly unknown[]): readonly Span[] {
  const { sink, spans: collected } = collectSpans()
  const outcome = decodeZipkinJson(JSON.stringify(spans), sink)
  if (outcome.status !== 'decoded') throw new Error(outcome.message)
  return collected
}

/** Spans in an order that does not depend on who gave them. */
export function inOrder(spans: readonly Span[] | undefined): readonly Span[] {
  const keyed = (spans ?? []).map(span => ({ key: encodeZipkinJson([span]), span }))
  return keyed.sort((left, right) => (left.key < right.key ? -1 : 1)).map(({ span }) => span)
}

export const spanIds = (trace: Trace | undefined): readonly SpanId[] =>
  (trace?.spans ?? []).map(span => span.spanId).sort()
