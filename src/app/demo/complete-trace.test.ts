import { describe, expect, it } from 'vitest'
import type { JaegerTrace } from '../../wire/jaeger-shapes.ts'
import { isComplete, traceLines } from './complete-trace.ts'

const wanted = { services: [['a'], ['b1', 'b2'], ['c']], spans: 4 }

function trace(spans: readonly [id: string, service: string, parent: string | undefined][]): JaegerTrace {
  return {
    traceID: '1',
    warnings: null,
    processes: Object.fromEntries(
      ['a', 'b1', 'b2', 'c'].map(name => [name, { serviceName: name, tags: [] }]),
    ),
    spans: spans.map(([spanID, processID, parent], i) => ({
      traceID: '1',
      spanID,
      processID,
      operationName: `op ${spanID}`,
      references: parent === undefined ? [] : [{ refType: 'CHILD_OF', traceID: '1', spanID: parent }],
      startTime: i,
      duration: 1,
      tags: [{ key: 'span.kind', type: 'string', value: 'client' }],
      logs: [],
      warnings: null,
    })),
  }
}

const WHOLE = trace([
  ['1', 'a', undefined],
  ['2', 'b2', '1'],
  ['3', 'b2', '2'],
  ['4', 'c', '3'],
])

describe('a complete trace', () => {
  it('leads through one service of each group', () => {
    expect(isComplete(WHOLE, wanted)).toBe(true)
    expect(traceLines(WHOLE).map(line => `${' '.repeat(line.depth)}${line.service}`)).toEqual([
      'a',
      ' b2',
      '  b2',
      '   c',
    ])
  })

  it('is not one that lacks a hop, has too few spans, or whose parts are not connected', () => {
    expect(
      isComplete(
        trace([
          ['1', 'a', undefined],
          ['2', 'b1', '1'],
        ]),
        wanted,
      ),
    ).toBe(false)
    expect(isComplete({ ...WHOLE, spans: WHOLE.spans.slice(0, 3) }, wanted)).toBe(false)
    const torn = trace([
      ['1', 'a', undefined],
      ['2', 'b1', '1'],
      ['3', 'b1', '9'],
      ['4', 'c', '3'],
    ])
    expect(isComplete(torn, wanted)).toBe(false)
  })

  it('does not hang on parents that go round in a circle', () => {
    const circle = trace([
      ['1', 'a', '4'],
      ['2', 'b1', '1'],
      ['3', 'b1', '2'],
      ['4', 'c', '3'],
    ])
    expect(isComplete(circle, { services: [['x']], spans: 1 })).toBe(false)
  })
})
