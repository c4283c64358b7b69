import type { JaegerKeyValue, JaegerProcess, JaegerSpan, JaegerTrace } from '../wire/jaeger-shapes.ts'
import { orderTree } from './treegrid/tree-order.ts'
import type { TreeRow } from './treegrid/tree-row.ts'

/** A span in its place of the trace's tree. */
export interface SpanRow extends TreeRow {
  readonly span: JaegerSpan
  readonly service: string
  readonly process: JaegerProcess
  /** Microseconds from the start of the trace. */
  readonly offset: number
  readonly error: boolean
  /** Of the descendants. */
  readonly errorsBelow: number
  /** It names a parent that is not here. */
  readonly orphan: boolean
}

interface ServiceCount {
  readonly service: string
  readonly spans: number
}

/** A trace as the page shows it: its spans as a forest in depth-first order, siblings by start. */
export interface TraceView {
  readonly traceId: string
  readonly rows: readonly SpanRow[]
  /** Microseconds since the epoch. */
  readonly start: number
  /** From the first start to the last end. */
  readonly duration: number
  /** Most spans first. */
  readonly services: readonly ServiceCount[]
  /** Levels of the tree. */
  readonly depth: number
  readonly errors: number
  readonly orphans: number
  readonly warnings: readonly string[]
}

const NO_PROCESS: JaegerProcess = { serviceName: '', tags: [] }

export function traceView(trace: JaegerTrace): TraceView {
  const spans = trace.spans.toSorted((left, right) => left.startTime - right.startTime)
  const { childrenOf, orphans } = links(spans)
  const start = spans[0]?.startTime ?? 0
  const rows = orderTree(childrenOf).flatMap(({ item, ...place }): Growing[] => {
    const span = spans[item]
    if (span === undefined) return []
    const process = trace.processes[span.processID] ?? NO_PROCESS
    const { serviceName: service } = process
    const facts = { span, service, process, offset: span.startTime - start }
    return [{ ...place, ...facts, error: isError(span.tags), errorsBelow: 0, orphan: orphans.has(item) }]
  })
  countErrorsBelow(rows)
  return {
    traceId: trace.traceID,
    rows,
    start,
    duration: spans.reduce((longest, span) => Math.max(longest, span.startTime + span.duration - start), 0),
    services: countServices(rows),
    depth: rows.reduce((deepest, row) => Math.max(deepest, row.depth + 1), 0),
    errors: rows.filter(row => row.error).length,
    orphans: orphans.size,
    warnings: trace.warnings ?? [],
  }
}

/** What a trace is called: by its first root. */
export function traceName(view: TraceView): { readonly service: string; readonly operation: string } {
  const root = view.rows.find(row => row.parent < 0 && !row.orphan) ?? view.rows[0]
  return { service: root?.service ?? '', operation: root?.span.operationName ?? '' }
}

/** Jaeger writes `error=true`, Zipkin the reason as text. */
export function isError(tags: readonly JaegerKeyValue[]): boolean {
  return tags.some(tag => tag.key === 'error' && tag.value !== false && tag.value !== 'false')
}

type Growing = Omit<SpanRow, 'errorsBelow'> & { errorsBelow: number }

/** Children stand behind their parents, so one walk from the back sees every child before its parent. */
function countErrorsBelow(rows: readonly Growing[]): void {
  for (let at = rows.length - 1; at >= 0; at--) {
    const row = rows[at]
    const parent = row && rows[row.parent]
    if (parent) parent.errorsBelow += row.errorsBelow + (row.error ? 1 : 0)
  }
}

function countServices(rows: readonly SpanRow[]): readonly ServiceCount[] {
  const counts = new Map<string, number>()
  for (const { service } of rows) counts.set(service, (counts.get(service) ?? 0) + 1)
  return [...counts]
    .map(([service, spans]) => ({ service, spans }))
    .sort((left, right) => right.spans - left.spans || (left.service < right.service ? -1 : 1))
}

interface Links {
  readonly childrenOf: (item: number) => readonly number[]
  readonly orphans: ReadonlySet<number>
}

/** Who stands below whom. Of an id that is there twice the first span is the parent. */
function links(spans: readonly JaegerSpan[]): Links {
  const places = new Map<string, number>()
  spans.forEach((span, place) => {
    if (!places.has(span.spanID)) places.set(span.spanID, place)
  })
  const parents = spans.map((span, place) => {
    const id = parentId(span)
    const parent = id === undefined ? undefined : places.get(id)
    return { parent: parent === place ? undefined : parent, orphan: id !== undefined && parent === undefined }
  })
  cutCircles(parents)
  const children = new Map<number, number[]>()
  parents.forEach(({ parent = -1 }, place) => {
    const siblings = children.get(parent)
    if (siblings === undefined) children.set(parent, [place])
    else siblings.push(place)
  })
  const orphans = new Set(parents.flatMap((link, place) => (link.orphan ? [place] : [])))
  return { childrenOf: item => children.get(item) ?? [], orphans }
}

interface ParentLink {
  parent: number | undefined
  readonly orphan: boolean
}

/** Spans that name one another as parents would hang in the air: the first of each circle becomes a root. */
function cutCircles(parents: readonly ParentLink[]): void {
  const walkOf = new Array<number>(parents.length).fill(-1)
  parents.forEach((_, walk) => {
    let at: number | undefined = walk
    while (at !== undefined && walkOf[at] === -1) {
      walkOf[at] = walk
      at = parents[at]?.parent
    }
    const circle = at !== undefined && walkOf[at] === walk ? parents[at] : undefined
    if (circle !== undefined) circle.parent = undefined
  })
}

function parentId(span: JaegerSpan): string | undefined {
  const inTrace = span.references.filter(reference => reference.traceID === span.traceID)
  return (inTrace.find(reference => reference.refType === 'CHILD_OF') ?? inTrace[0])?.spanID
}
