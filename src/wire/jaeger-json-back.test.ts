import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Attribute, AttributeValue } from '../model/attributes.ts'
import type { SpanId, TraceId } from '../model/ids.ts'
import type { Micros } from '../model/micros.ts'
import type { Span, SpanKind } from '../model/span.ts'
import { decodeJaegerTrace, encodeJaegerTrace } from './jaeger-json.ts'
import type { JaegerKeyValue, JaegerSpan } from './jaeger-shapes.ts'

const TRACE = '0000000000000000dc955a1d4768875d' as TraceId
const LONG = '4bf92f3577b34da6a3ce929d0e0e4736' as TraceId

const SPAN: JaegerSpan = {
  traceID: 'dc955a1d4768875d',
  spanID: '000000000000000a',
  operationName: 'work',
  references: [],
  startTime: 1,
  duration: 2,
  tags: [],
  logs: [],
  processID: 'p1',
  warnings: null,
}

const reserved = new Set(['span.kind', 'error'])
const keys = fc.string({ maxLength: 8 }).filter(key => !reserved.has(key) && !key.startsWith('otel.'))
const values: fc.Arbitrary<AttributeValue> = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.boolean(),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.double().map(value => (Object.is(value, -0) ? 0 : value)),
  fc.uint8Array({ maxLength: 8 }),
)
const plainRecord = { noNullPrototype: true }
const attributeLists: fc.Arbitrary<Attribute[]> = fc.array(
  fc.record({ key: keys, value: values }, plainRecord),
  { maxLength: 4 },
)
const times = fc.maxSafeNat() as fc.Arbitrary<Micros>
const ids = fc.constantFrom(
  '0000000000000001',
  'ffffffffffffffff',
  'dc955a1d4768875d',
) as fc.Arbitrary<SpanId>
const texts = fc.string({ unit: 'binary', minLength: 1, maxLength: 8 })

/** Spans as this JSON can say them. */
const spans: fc.Arbitrary<Span> = fc.record(
  {
    traceId: fc.constant(LONG),
    spanId: ids,
    parentId: ids,
    name: texts,
    kind: fc.constantFrom<SpanKind>('unspecified', 'internal', 'client', 'server', 'producer', 'consumer'),
    start: times,
    duration: times,
    status: fc.constantFrom(
      { code: 'unset' as const },
      { code: 'ok' as const },
      { code: 'error' as const },
      { code: 'error' as const, message: 'broke' },
    ),
    attributes: attributeLists,
    events: fc.array(
      fc.record(
        {
          time: times,
          name: texts,
          attributes: attributeLists.map(list => list.filter(({ key }) => key !== 'event')),
        },
        plainRecord,
      ),
      { maxLength: 2 },
    ),
    links: fc.array(
      fc.record({ traceId: fc.constant(TRACE), spanId: ids, attributes: fc.constant([]) }, plainRecord),
      { maxLength: 2 },
    ),
    resource: fc.record({ service: texts, attributes: attributeLists }, plainRecord),
    scope: fc.record({ name: texts, version: texts, attributes: fc.constant([]) }, plainRecord),
    traceState: texts,
    debug: fc.constant(true as const),
  },
  {
    requiredKeys: [
      'traceId',
      'spanId',
      'name',
      'kind',
      'start',
      'duration',
      'status',
      'attributes',
      'events',
      'links',
      'resource',
    ],
    ...plainRecord,
  },
)

describe('the way back', () => {
  it('reads what it wrote, through text', () => {
    fc.assert(
      fc.property(fc.array(spans, { maxLength: 4 }), list => {
        const json = JSON.parse(JSON.stringify(encodeJaegerTrace({ traceId: LONG, spans: list })))
        expect(decodeJaegerTrace(json)).toEqual({ traceId: LONG, spans: list, warnings: new Map() })
      }),
      { numRuns: 200 },
    )
  })

  it('leaves out what has no id, and misses no process', () => {
    const decoded = decodeJaegerTrace({
      traceID: 'DC955A1D4768875D',
      spans: [
        { ...SPAN, processID: 'p9' },
        { ...SPAN, spanID: '0' },
        { ...SPAN, traceID: 'x' },
      ],
      processes: {},
      warnings: null,
    })
    expect(decoded.traceId).toBe(TRACE)
    expect(decoded.spans.map(item => item.resource.service)).toEqual([''])
    expect(() => decodeJaegerTrace({ traceID: 'x', spans: [], processes: {}, warnings: null })).toThrow(
      'traceID',
    )
  })

  it('takes values of a wrong type as text', () => {
    const tags: JaegerKeyValue[] = [
      { key: 'a', type: 'int64', value: 1.5 },
      { key: 'b', type: 'bool', value: 'perhaps' },
      { key: 'c', type: 'float64', value: 'x' },
      { key: 'd', type: 'binary', value: '!' },
      { key: 'span.kind', type: 'string', value: 'odd' },
    ]
    const decoded = decodeJaegerTrace({
      traceID: '1',
      spans: [{ ...SPAN, tags }],
      processes: {},
      warnings: null,
    })
    expect(decoded.spans[0]).toMatchObject({
      kind: 'unspecified',
      attributes: ['1.5', 'perhaps', 'x', '!', 'odd'].map(value => ({ value })),
    })
  })
})
