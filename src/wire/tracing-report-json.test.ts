import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DROP_REASONS } from '../model/drop-reason.ts'
import { KisekiError } from '../model/errors.ts'
import { micros } from '../model/micros.ts'
import { toRevision } from '../model/sidecar-config.ts'
import { collectorReachable, type TracingReport } from '../model/tracing-report.ts'
import { encodeTracingReport, parseTracingReport } from './tracing-report-json.ts'

const count = fc.nat()
const requests = fc.record({ seen: count, sampled: count, notSampled: count })
const report: fc.Arbitrary<TracingReport> = fc.record(
  {
    revision: fc.string({ minLength: 1 }).map(toRevision),
    tracing: fc.record({
      address: fc.domain(),
      port: fc.integer({ min: 1, max: 65_535 }),
      endpoint: fc.webPath().map(path => `/${path}`),
      sampledFraction: fc.double({ min: 0, max: 1, noNaN: true }).map(fraction => fraction + 0),
    }),
    requests: fc.record({ inbound: requests, outbound: requests }),
    spans: fc.record({
      recorded: count,
      acknowledged: count,
      queued: count,
      dropped: fc.dictionary(fc.constantFrom(...DROP_REASONS, '__proto__', 'constructor'), count),
    }),
    lastExport: fc.record({
      at: fc.nat().map(micros),
      outcome: fc.constantFrom('acknowledged', 'refused', 'unavailable', 'unreachable'),
      detail: fc.string(),
    }),
  },
  { requiredKeys: ['requests', 'spans'] },
)

const spans = { recorded: 1, acknowledged: 0, queued: 1, dropped: {} }
const none = { seen: 0, sampled: 0, notSampled: 0 }
const least: TracingReport = { requests: { inbound: none, outbound: none }, spans }

describe('the report of tracing as JSON', () => {
  it('says the same when it is read again', () => {
    fc.assert(
      fc.property(report, said => {
        // Dictionaries of fast-check may have no prototype, which JSON does not tell.
        const plain: unknown = JSON.parse(JSON.stringify(said))
        expect(parseTracingReport(encodeTracingReport(said))).toEqual(plain)
      }),
    )
  })

  it('passes over what it does not know', () => {
    const extended = { ...least, mood: 'good', spans: { ...spans, dropped: { 'of-next-year': 2 } } }
    expect(parseTracingReport(JSON.stringify(extended))).toEqual({
      ...least,
      spans: { ...spans, dropped: { 'of-next-year': 2 } },
    })
  })

  it.each([
    ['404 page not found', 'is no JSON'],
    ['[]', '$ must be an object'],
    [JSON.stringify({ ...least, spans: { ...spans, queued: -1 } }), '$.spans.queued must be a whole number'],
    [JSON.stringify({ ...least, requests: { inbound: none } }), '$.requests.outbound must be an object'],
    [
      JSON.stringify({ ...least, lastExport: { at: 1, outcome: 'lost', detail: '' } }),
      '$.lastExport.outcome',
    ],
    [JSON.stringify({ ...least, tracing: { port: 1 } }), '$.tracing.address must be a text'],
  ])('names what is wrong in %j', (text, problem) => {
    expect(() => parseTracingReport(text)).toThrow(KisekiError)
    expect(() => parseTracingReport(text)).toThrow(problem)
  })

  it('tells whether the collector can be reached, where that is known', () => {
    const whenLast = (outcome: 'acknowledged' | 'refused' | 'unreachable'): TracingReport => ({
      ...least,
      lastExport: { at: micros(1), outcome, detail: '' },
    })
    expect(collectorReachable(least)).toBeUndefined()
    expect(collectorReachable(whenLast('acknowledged'))).toBe(true)
    expect(collectorReachable(whenLast('refused'))).toBe(true)
    expect(collectorReachable(whenLast('unreachable'))).toBe(false)
  })
})
