import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Micros } from '../../model/micros.ts'
import type { SpanKind } from '../../model/span.ts'
import { makeChain, makeSpan, type SpanSketch, TRACE_ID } from '../testdata/make-span.ts'
import { unadjusted } from './adjust.ts'
import { standardAdjusters } from './standard-adjusters.ts'

const maxClockSkew = 1_000_000 as Micros

const sketches: fc.Arbitrary<SpanSketch[]> = fc.array(
  fc.record(
    {
      id: fc.integer({ min: 1, max: 6 }),
      parent: fc.integer({ min: 1, max: 8 }),
      kind: fc.constantFrom<SpanKind>('client', 'server', 'unspecified'),
      service: fc.constantFrom('a', 'b'),
      start: fc.integer({ min: 0, max: 50 }),
      duration: fc.integer({ min: 0, max: 50 }),
      local: fc.constantFrom({ ipv4: '10.0.0.1' }, { ipv4: '10.0.0.2' }),
    },
    { requiredKeys: ['id', 'kind', 'start'], noNullPrototype: true },
  ),
  { maxLength: 10 },
)

describe('the standard adjusters', () => {
  it('show a request between two sidecars, received twice, as client and server once', () => {
    const received: SpanSketch[] = [
      { id: 1, kind: 'client', service: 'a', start: 10, duration: 100 },
      { id: 1, kind: 'server', service: 'b', start: 20, duration: 50 },
    ]
    const spans = [...received, ...received].map(makeSpan)
    const adjusted = standardAdjusters()(unadjusted({ traceId: TRACE_ID, spans }))
    expect(adjusted.spans).toHaveLength(2)
    expect(adjusted.spans[1]).toMatchObject({ parentId: adjusted.spans[0]?.spanId, kind: 'server' })
    expect(adjusted.warnings.size).toBe(0)
  })

  it('change nothing that they got, and nothing more the second time', () => {
    fc.assert(
      fc.property(sketches, list => {
        const trace = unadjusted({ traceId: TRACE_ID, spans: list.map(makeSpan) })
        const before = JSON.stringify(trace.spans)
        const once = standardAdjusters()(trace)
        expect(JSON.stringify(trace.spans)).toBe(before)
        expect(trace.warnings.size).toBe(0)
        const twice = standardAdjusters()({ ...once, warnings: new Map() })
        expect(twice.spans).toEqual(once.spans)
        const kept = new Set(once.spans)
        for (const span of once.warnings.keys()) expect(kept.has(span)).toBe(true)
      }),
    )
  })

  it('take a trace as deep as it is long', () => {
    const trace = unadjusted({ traceId: TRACE_ID, spans: makeChain(20_000) })
    expect(standardAdjusters({ maxClockSkew })(trace).spans).toHaveLength(20_000)
  })
})
