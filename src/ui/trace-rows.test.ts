import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JaegerKeyValue, JaegerReference, JaegerSpan, JaegerTrace } from '../wire/jaeger-shapes.ts'
import { isError, traceName, traceView } from './trace-rows.ts'
import { ancestors, foldable, visibleRows } from './treegrid/tree-row.ts'

interface Shape {
  readonly id: string
  readonly parent?: string
  readonly start?: number
  readonly duration?: number
  readonly service?: string
  readonly tags?: readonly JaegerKeyValue[]
  readonly references?: readonly JaegerReference[]
}

function span(shape: Shape): JaegerSpan {
  const refs: JaegerReference[] = shape.parent
    ? [{ refType: 'CHILD_OF', traceID: 't', spanID: shape.parent }]
    : []
  return {
    traceID: 't',
    spanID: shape.id,
    operationName: `op ${shape.id}`,
    references: shape.references ?? refs,
    startTime: shape.start ?? 100,
    duration: shape.duration ?? 10,
    tags: shape.tags ?? [],
    logs: [],
    processID: shape.service ?? 'shop',
    warnings: null,
  }
}

function trace(...shapes: Shape[]): JaegerTrace {
  const processes = Object.fromEntries(
    shapes.map(({ service = 'shop' }) => [service, { serviceName: service, tags: [] }]),
  )
  return { traceID: 't', spans: shapes.map(span), processes, warnings: null }
}

const ids = (found: JaegerTrace): string[] => traceView(found).rows.map(row => row.span.spanID)
const error: JaegerKeyValue = { key: 'error', type: 'bool', value: true }

describe('the rows of a trace', () => {
  it('stand depth first, siblings by their start, whatever the order was', () => {
    const found = trace(
      { id: 'c', parent: 'a', start: 130 },
      { id: 'd', parent: 'b', start: 125 },
      { id: 'b', parent: 'a', start: 120 },
      { id: 'a', start: 100 },
    )
    expect(ids(found)).toEqual(['a', 'b', 'd', 'c'])
    expect(traceView(found).rows.map(row => [row.depth, row.parent, row.end, row.position])).toEqual([
      [0, -1, 4, 1],
      [1, 0, 3, 1],
      [2, 1, 3, 1],
      [1, 0, 4, 2],
    ])
  })

  it('sum up the trace', () => {
    const view = traceView(
      trace(
        { id: 'a', start: 100, duration: 50, service: 'front' },
        { id: 'b', parent: 'a', start: 110, duration: 100, service: 'back', tags: [error] },
        { id: 'c', parent: 'b', start: 120, service: 'back' },
      ),
    )
    expect(view).toMatchObject({ start: 100, duration: 110, depth: 3, errors: 1, orphans: 0 })
    expect(view.services).toEqual([
      { service: 'back', spans: 2 },
      { service: 'front', spans: 1 },
    ])
    expect(view.rows.map(row => row.errorsBelow)).toEqual([1, 0, 0])
    expect(traceName(view)).toEqual({ service: 'front', operation: 'op a' })
  })

  it('show a span whose parent is missing, and say so', () => {
    const view = traceView(trace({ id: 'b', parent: 'gone', start: 90 }, { id: 'a', start: 100 }))
    expect(view.rows.map(row => [row.span.spanID, row.orphan, row.depth])).toEqual([
      ['b', true, 0],
      ['a', false, 0],
    ])
    expect(view.orphans).toBe(1)
    expect(traceName(view).operation).toBe('op a')
  })

  it('take the first CHILD_OF of the same trace for the parent', () => {
    const references: JaegerReference[] = [
      { refType: 'CHILD_OF', traceID: 'other', spanID: 'a' },
      { refType: 'FOLLOWS_FROM', traceID: 't', spanID: 'a' },
      { refType: 'CHILD_OF', traceID: 't', spanID: 'b' },
    ]
    const view = traceView(trace({ id: 'a' }, { id: 'b', parent: 'a' }, { id: 'c', references }))
    expect(view.rows.map(row => row.depth)).toEqual([0, 1, 2])
  })

  it('lose no span to circles, own parents, or ids that are there twice', () => {
    expect(
      ids(trace({ id: 'a', parent: 'b' }, { id: 'b', parent: 'a', start: 101 }, { id: 'c', parent: 'b' })),
    ).toHaveLength(3)
    expect(ids(trace({ id: 'a', parent: 'a' }))).toEqual(['a'])
    expect(ids(trace({ id: 'a' }, { id: 'a', parent: 'a', start: 101 }))).toEqual(['a', 'a'])
  })

  it('show every span once, for any links at all', () => {
    const shape = fc.record({
      parent: fc.integer({ min: 0, max: 30 }),
      start: fc.integer({ min: 0, max: 9 }),
    })
    fc.assert(
      fc.property(fc.array(shape, { maxLength: 30 }), shapes => {
        const found = trace(
          ...shapes.map(({ parent, start }, place) => ({ id: `${place}`, parent: `${parent}`, start })),
        )
        const { rows } = traceView(found)
        expect(rows.map(row => row.span.spanID).sort()).toEqual(found.spans.map(each => each.spanID).sort())
        rows.forEach((row, index) => {
          expect(row.index).toBe(index)
          const below = rows.slice(index + 1).findIndex(other => other.depth <= row.depth)
          expect(row.end).toBe(below < 0 ? rows.length : index + 1 + below)
        })
      }),
    )
  })

  it('are ready for a chain of 20,000', () => {
    const shapes = Array.from({ length: 20_000 }, (_, depth) => ({
      id: `${depth}`,
      ...(depth > 0 ? { parent: `${depth - 1}` } : {}),
      start: depth,
    }))
    const view = traceView(trace(...shapes))
    expect(view.depth).toBe(20_000)
    expect(view.rows.at(-1)).toMatchObject({ depth: 19_999, parent: 19_998 })
    expect(ancestors(view.rows, 19_999)).toHaveLength(19_999)
  })

  it('are none of an empty trace', () => {
    expect(traceView(trace())).toMatchObject({ rows: [], duration: 0, depth: 0 })
  })
})

describe('folded rows', () => {
  const { rows } = traceView(
    trace(
      { id: 'a' },
      { id: 'b', parent: 'a' },
      { id: 'c', parent: 'b' },
      { id: 'd', parent: 'a', start: 120 },
    ),
  )

  it('hide what is below them', () => {
    expect(visibleRows(rows, new Set())).toEqual([0, 1, 2, 3])
    expect(visibleRows(rows, new Set([1]))).toEqual([0, 1, 3])
    expect(visibleRows(rows, foldable(rows))).toEqual([0])
  })
})

describe('an error', () => {
  it.each([
    [true, true],
    ['true', true],
    ['connection refused', true],
    ['', true],
    [false, false],
    ['false', false],
  ])('is a tag with the value %j: %s', (value, expected) => {
    expect(isError([{ key: 'error', type: 'string', value }])).toBe(expected)
  })
})
