import { describe, expect, it } from 'vitest'
import { type TraceView, traceView } from '../trace-rows.ts'
import { verdict } from './verdict.ts'

const empty = traceView({ traceID: 't', spans: [], processes: {}, warnings: null })

function view(duration: number, spans: number, errors: number): TraceView {
  const row = { index: 0, parent: -1, depth: 0, end: 1, children: 0, position: 1, siblings: 1 }
  const span = { traceID: 't', spanID: 's', operationName: '', references: [], startTime: 0, duration: 0 }
  const rest = { tags: [], logs: [], processID: 'p', warnings: null }
  const facts = { service: '', process: { serviceName: '', tags: [] }, offset: 0, error: false }
  const one = { ...row, ...facts, span: { ...span, ...rest }, errorsBelow: 0, orphan: false }
  return { ...empty, duration, errors, rows: Array(spans).fill(one) }
}

describe('the verdict on two traces', () => {
  it.each([
    [
      view(1000, 5, 0),
      view(1340, 7, 1),
      'B took 340µs longer than A (+34 %), with 2 more spans and 1 more error.',
    ],
    [
      view(1000, 5, 2),
      view(950, 4, 0),
      'B took 50µs less than A (−5.0 %), with 1 fewer span and 2 fewer errors.',
    ],
    [view(1000, 5, 1), view(1000, 5, 1), 'B took as long as A (1ms), with as many spans and as many errors.'],
    [view(0, 1, 0), view(10, 1, 0), 'B took 10µs longer than A, with as many spans and as many errors.'],
  ])('is a sentence', (a, b, sentence) => {
    expect(verdict(a, b)).toBe(sentence)
  })
})
