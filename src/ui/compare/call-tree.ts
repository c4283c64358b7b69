import type { SpanRow, TraceView } from '../trace-rows.ts'
import { orderTree } from '../treegrid/tree-order.ts'
import type { TreeRow } from '../treegrid/tree-row.ts'

/** What one trace did at one place of the call tree. */
interface CallSide {
  readonly calls: number
  /** Sum of the durations of these calls, in microseconds. */
  readonly time: number
  readonly errors: number
}

/** One path of calls from a root: the same services and operations, one below the other, in either trace. */
export interface CallRow extends TreeRow {
  readonly service: string
  readonly operation: string
  readonly a: CallSide
  readonly b: CallSide
}

interface Call {
  readonly service: string
  readonly operation: string
  readonly sides: { readonly a: Tally; readonly b: Tally }
  readonly children: Map<string, number>
}

interface Tally {
  calls: number
  time: number
  errors: number
}

/** The two call trees laid over one another. Order: as the calls first appear, those of A before those of B alone. */
export function callTree(a: TraceView | undefined, b: TraceView | undefined): readonly CallRow[] {
  const calls: Call[] = []
  const roots = new Map<string, number>()
  const add = (rows: readonly SpanRow[], side: 'a' | 'b'): void => {
    const callOf: number[] = []
    for (const row of rows) {
      const siblings = row.parent < 0 ? roots : calls[callOf[row.parent] ?? -1]?.children
      if (siblings === undefined) continue
      const call = place(calls, siblings, row)
      callOf.push(call)
      const tally = calls[call]?.sides[side]
      if (tally === undefined) continue
      tally.calls += 1
      tally.time += row.span.duration
      tally.errors += row.error ? 1 : 0
    }
  }
  add(a?.rows ?? [], 'a')
  add(b?.rows ?? [], 'b')

  const order = orderTree(item => [...(item < 0 ? roots : (calls[item]?.children ?? [])).values()])
  return order.flatMap(({ item, ...row }) => {
    const call = calls[item]
    return call ? [{ ...row, service: call.service, operation: call.operation, ...call.sides }] : []
  })
}

function place(calls: Call[], siblings: Map<string, number>, row: SpanRow): number {
  const operation = row.span.operationName
  const key = JSON.stringify([row.service, operation])
  const known = siblings.get(key)
  if (known !== undefined) return known
  const tally = (): Tally => ({ calls: 0, time: 0, errors: 0 })
  calls.push({ service: row.service, operation, sides: { a: tally(), b: tally() }, children: new Map() })
  siblings.set(key, calls.length - 1)
  return calls.length - 1
}
