import type { Span } from '../../model/span.ts'
import type { AdjustedTrace, Trace } from '../../model/trace.ts'

/** Makes a trace better to look at. Gives a new trace; nothing that it got is changed. */
export type Adjust = (trace: AdjustedTrace) => AdjustedTrace

/** One after the other, the first one first. */
export function sequence(...adjusters: readonly Adjust[]): Adjust {
  return trace => adjusters.reduce((adjusted, adjust) => adjust(adjusted), trace)
}

/** A trace as it was stored: nothing has been said about it yet. */
export function unadjusted(trace: Trace): AdjustedTrace {
  return { traceId: trace.traceId, spans: trace.spans, warnings: new Map() }
}

/** Puts another span in the place of each, or the same one; `warn` adds a warning to it. Warnings move along. */
export function replaceSpans(
  trace: AdjustedTrace,
  replace: (span: Span, warn: (text: string) => void) => Span,
): AdjustedTrace {
  const warnings = new Map<Span, readonly string[]>()
  let added: string[] = []
  const warn = (text: string): void => {
    added.push(text)
  }
  const spans = trace.spans.map(span => {
    const replaced = replace(span, warn)
    const before = trace.warnings.get(span)
    if (before !== undefined || added.length > 0) {
      warnings.set(replaced, before === undefined ? added : [...before, ...added])
      added = []
    }
    return replaced
  })
  return { traceId: trace.traceId, spans, warnings }
}
