import type { JaegerSpan, JaegerTrace } from '../../wire/jaeger-shapes.ts'
import type { CompleteTrace } from './demo-description.ts'

/** A span as `osm demo --once` prints it. */
export interface TraceLine {
  readonly service: string
  readonly kind: string
  readonly name: string
  /** Microseconds. */
  readonly duration: number
  readonly depth: number
}

/** Whether the trace leads through one service of each group, parent by parent. */
export function isComplete(trace: JaegerTrace, wanted: CompleteTrace): boolean {
  if (trace.spans.length < wanted.spans) return false
  const byId = new Map(trace.spans.map(span => [span.spanID, span]))
  return trace.spans.some(span => leadsThrough(servicesToRoot(trace, byId, span), wanted))
}

/** Parents before their children, children by start. */
export function traceLines(trace: JaegerTrace): readonly TraceLine[] {
  const lines: TraceLine[] = []
  const stack = childrenOf(trace, undefined).map(span => ({ span, depth: 0 }))
  for (let next = stack.shift(); next !== undefined; next = stack.shift()) {
    const { span, depth } = next
    lines.push({
      service: serviceOf(trace, span),
      kind: kindOf(span),
      name: span.operationName,
      duration: span.duration,
      depth,
    })
    stack.unshift(...childrenOf(trace, span).map(child => ({ span: child, depth: depth + 1 })))
  }
  return lines
}

function leadsThrough(services: readonly string[], wanted: CompleteTrace): boolean {
  return (
    services.length === wanted.services.length &&
    wanted.services.every((group, i) => group.includes(services[i] ?? ''))
  )
}

/** From the root down to the span; consecutive spans of one service count once. */
function servicesToRoot(
  trace: JaegerTrace,
  byId: ReadonlyMap<string, JaegerSpan>,
  from: JaegerSpan,
): readonly string[] {
  const services: string[] = []
  const seen = new Set<JaegerSpan>()
  for (
    let span: JaegerSpan | undefined = from;
    span !== undefined && !seen.has(span);
    span = parentOf(byId, span)
  ) {
    seen.add(span)
    const service = serviceOf(trace, span)
    if (services[0] !== service) services.unshift(service)
  }
  return services
}

function parentOf(byId: ReadonlyMap<string, JaegerSpan>, span: JaegerSpan): JaegerSpan | undefined {
  const parent = span.references.find(reference => reference.refType === 'CHILD_OF')
  return parent === undefined ? undefined : byId.get(parent.spanID)
}

function childrenOf(trace: JaegerTrace, parent: JaegerSpan | undefined): readonly JaegerSpan[] {
  const byId = new Map(trace.spans.map(span => [span.spanID, span]))
  return trace.spans.filter(span => parentOf(byId, span) === parent).sort((a, b) => a.startTime - b.startTime)
}

function serviceOf(trace: JaegerTrace, span: JaegerSpan): string {
  return trace.processes[span.processID]?.serviceName ?? ''
}

function kindOf(span: JaegerSpan): string {
  return String(span.tags.find(tag => tag.key === 'span.kind')?.value ?? '').toUpperCase()
}
