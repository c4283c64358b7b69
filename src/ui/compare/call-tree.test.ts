import { describe, expect, it } from 'vitest'
import type { JaegerTrace } from '../../wire/jaeger-shapes.ts'
import { type TraceView, traceView } from '../trace-rows.ts'
import { callTree } from './call-tree.ts'

type Call = readonly [id: string, parent: string | undefined, service: string, duration: number]

function view(...calls: Call[]): TraceView {
  const found: JaegerTrace = {
    traceID: 't',
    warnings: null,
    processes: Object.fromEntries(
      calls.map(([, , service]) => [service, { serviceName: service, tags: [] }]),
    ),
    spans: calls.map(([id, parent, service, duration], place) => ({
      traceID: 't',
      spanID: id,
      operationName: `call ${service}`,
      references: parent ? [{ refType: 'CHILD_OF', traceID: 't', spanID: parent }] : [],
      startTime: 1000 + place,
      duration,
      tags: [],
      logs: [],
      processID: service,
      warnings: null,
    })),
  }
  return traceView(found)
}

const a = view(
  ['1', undefined, 'buyer', 100],
  ['2', '1', 'store-v1', 40],
  ['3', '1', 'store-v1', 20],
  ['4', '3', 'stock', 5],
)
const b = view(['1', undefined, 'buyer', 130], ['2', '1', 'store-v2', 70], ['3', '2', 'stock', 5])

describe('the call tree of two traces', () => {
  it('lays the same calls over one another and adds them up', () => {
    const rows = callTree(a, b).map(row => [
      row.depth,
      row.service,
      row.a.calls,
      row.a.time,
      row.b.calls,
      row.b.time,
    ])
    expect(rows).toEqual([
      [0, 'buyer', 1, 100, 1, 130],
      [1, 'store-v1', 2, 60, 0, 0],
      [2, 'stock', 1, 5, 0, 0],
      [1, 'store-v2', 0, 0, 1, 70],
      [2, 'stock', 0, 0, 1, 5],
    ])
  })

  it('is the tree of the one where the other is missing', () => {
    expect(callTree(a, undefined).map(row => row.a.calls)).toEqual([1, 2, 1])
    expect(callTree(undefined, undefined)).toEqual([])
  })

  it('is of a chain of 20,000 as deep', () => {
    const chain = view(
      ...Array.from({ length: 20_000 }, (_, at): Call => [`${at}`, at > 0 ? `${at - 1}` : undefined, 's', 1]),
    )
    expect(callTree(chain, chain).at(-1)).toMatchObject({ depth: 19_999, a: { calls: 1 }, b: { calls: 1 } })
  })
})
