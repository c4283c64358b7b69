import type { TraceId } from '../model/ids.ts'
import { type Micros, micros, ZERO_MICROS } from '../model/micros.ts'
import type { Span } from '../model/span.ts'
import type { Trace } from '../model/trace.ts'

export interface TraceSummary {
  readonly traceId: TraceId
  /** Of the earliest span that names no parent; of the earliest at all where each names one. */
  readonly rootService: string
  readonly rootName: string
  /** All spans name a parent: the beginning of the trace is not there. */
  readonly isHeadless: boolean
  /** Of the earliest span that has a start; 0 where none has. */
  readonly start: Micros
  /** From there to the latest end. */
  readonly duration: Micros
  readonly spanCount: number
  readonly errorCount: number
  /** By service name. */
  readonly services: readonly ServiceShare[]
}

export interface ServiceShare {
  readonly service: string
  readonly spanCount: number
  readonly errorCount: number
}

export function summarize({ traceId, spans }: Trace): TraceSummary {
  const root = findRoot(spans)
  const { start, end } = extentOf(spans)
  const services = sharesOf(spans)
  return {
    traceId,
    rootService: root?.resource.service ?? '',
    rootName: root?.name ?? '',
    isHeadless: root?.parentId !== undefined,
    start,
    duration: micros(end - start),
    spanCount: spans.length,
    errorCount: services.reduce((sum, share) => sum + share.errorCount, 0),
    services,
  }
}

function findRoot(spans: readonly Span[]): Span | undefined {
  let root: Span | undefined
  for (const span of spans) if (root === undefined || comesBefore(span, root)) root = span
  return root
}

/** Of two halves that start together the client's is the one that began. */
function comesBefore(span: Span, other: Span): boolean {
  const isParentless = span.parentId === undefined
  if (isParentless !== (other.parentId === undefined)) return isParentless
  if (span.start !== other.start) return other.start === 0 || (span.start !== 0 && span.start < other.start)
  return span.kind === 'client' && other.kind !== 'client'
}

function extentOf(spans: readonly Span[]): { readonly start: Micros; readonly end: number } {
  let start = Number.POSITIVE_INFINITY
  let end = 0
  let longest = 0
  for (const span of spans) {
    longest = Math.max(longest, span.duration)
    if (span.start === 0) continue
    start = Math.min(start, span.start)
    end = Math.max(end, span.start + span.duration)
  }
  return Number.isFinite(start) ? { start: micros(start), end } : { start: ZERO_MICROS, end: longest }
}

function sharesOf(spans: readonly Span[]): readonly ServiceShare[] {
  const shares = new Map<string, { spanCount: number; errorCount: number }>()
  for (const { resource, status } of spans) {
    let share = shares.get(resource.service)
    if (share === undefined) {
      share = { spanCount: 0, errorCount: 0 }
      shares.set(resource.service, share)
    }
    share.spanCount++
    if (status.code === 'error') share.errorCount++
  }
  return [...shares]
    .map(([service, share]) => ({ service, ...share }))
    .sort((left, right) => (left.service < right.service ? -1 : 1))
}
