import { describe, expect, it } from 'vitest'
import { summarize, type TraceSummary } from './summary.ts'
import { makeSpan, type SpanSketch, TRACE_ID } from './testdata/make-span.ts'

const summaryOf = (...sketches: readonly SpanSketch[]): TraceSummary =>
  summarize({ traceId: TRACE_ID, spans: sketches.map(makeSpan) })

describe('the summary of a trace', () => {
  it('counts per service, and spans the whole', () => {
    expect(
      summaryOf(
        { id: 2, parent: 1, service: 'shop', start: 12, duration: 20 },
        { id: 1, service: 'front', name: 'GET /', start: 10, duration: 15 },
        { id: 3, parent: 1, service: 'shop', start: 11, duration: 1, failed: true },
      ),
    ).toEqual({
      traceId: TRACE_ID,
      rootService: 'front',
      rootName: 'GET /',
      isHeadless: false,
      start: 10,
      duration: 22,
      spanCount: 3,
      errorCount: 1,
      services: [
        { service: 'front', spanCount: 1, errorCount: 0 },
        { service: 'shop', spanCount: 2, errorCount: 1 },
      ],
    })
  })

  it('takes the client half for the root, also when both begin together', () => {
    const client: SpanSketch = { id: 1, service: 'client', kind: 'client', start: 5 }
    const server: SpanSketch = { id: 1, service: 'server', kind: 'server', start: 5 }
    expect(summaryOf(server, client).rootService).toBe('client')
    expect(summaryOf({ ...server, start: 4 }, client).rootService).toBe('server')
  })

  it('takes the earliest span for the root where every one names a parent', () => {
    const summary = summaryOf(
      { id: 2, parent: 1, service: 'late', start: 9 },
      { id: 3, parent: 1, service: 'early', start: 8 },
    )
    expect(summary).toMatchObject({ rootService: 'early', isHeadless: true })
  })

  it('leaves spans without a start out of the time', () => {
    const summary = summaryOf({ id: 1, start: 0, duration: 500 }, { id: 2, start: 100, duration: 7 })
    expect(summary).toMatchObject({ start: 100, duration: 7 })
    expect(summaryOf({ id: 1, start: 0, duration: 500 })).toMatchObject({ start: 0, duration: 500 })
  })

  it('has nothing to say of nothing', () => {
    expect(summaryOf()).toMatchObject({ rootService: '', isHeadless: false, spanCount: 0, services: [] })
  })
})
