import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { SpanId, TraceId } from '../model/ids.ts'
import type { Micros } from '../model/micros.ts'
import type { Endpoint, Span, SpanKind, SpanStatus } from '../model/span.ts'
import { collectSpans } from './collect-spans.ts'
import { decodeZipkinJson } from './zipkin-json-decode.ts'
import { encodeZipkinJson } from './zipkin-json-encode.ts'

function decode(text: string): readonly Span[] {
  const { sink, spans } = collectSpans()
  expect(decodeZipkinJson(text, sink)).toMatchObject({ status: 'decoded' })
  return spans
}

const hexOf = (digits: number): fc.Arbitrary<string> =>
  fc
    .string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: digits, maxLength: digits })
    .filter(text => !/^0+$/.test(text))

const spanIds = hexOf(16) as fc.Arbitrary<SpanId>
const traceIds = fc.oneof(
  hexOf(32),
  hexOf(16).map(id => `0000000000000000${id}`),
) as fc.Arbitrary<TraceId>
const times = fc.maxSafeNat() as fc.Arbitrary<Micros>
const ports = fc.integer({ min: 1, max: 65535 })
const texts = fc.string({ unit: 'binary', maxLength: 12 })
const nonEmpty = texts.filter(text => text !== '')
const ipv6 = fc.ipV6().filter(text => !text.includes('.'))

/** Keys that look like array indexes come first in any JavaScript object, whatever the order was. */
const tagKeys = fc
  .oneof(texts, fc.constantFrom('error', '__proto__', 'constructor', 'http.path', 'otel.status_code', ''))
  .filter(key => !/^(0|[1-9][0-9]*)$/.test(key))

const attributes = fc
  .uniqueArray(fc.tuple(tagKeys, fc.oneof(texts, fc.constantFrom('OK', 'ERROR'))), {
    selector: ([key]) => key,
    maxLength: 6,
  })
  .map(tags => tags.map(([key, value]) => ({ key, value })))

const isSaying = (endpoint: Endpoint): boolean => Object.keys(endpoint).length > 0

/** Spans as a Zipkin source can say them. */
const zipkinSpans: fc.Arbitrary<Span> = fc
  .record(
    {
      traceId: traceIds,
      spanId: spanIds,
      parentId: spanIds,
      name: texts,
      kind: fc.constantFrom<SpanKind>('unspecified', 'client', 'server', 'producer', 'consumer'),
      start: times,
      duration: times,
      attributes,
      events: fc.array(
        fc.record({ time: times, name: texts, attributes: fc.constant([]) }, { noNullPrototype: true }),
        { maxLength: 3 },
      ),
      links: fc.constant([]),
      resource: fc.record({ service: texts, attributes: fc.constant([]) }, { noNullPrototype: true }),
      local: fc
        .record({ ipv4: fc.ipV4(), ipv6, port: ports }, { requiredKeys: [], noNullPrototype: true })
        .filter(isSaying),
      remote: fc
        .record(
          { service: nonEmpty, ipv4: fc.ipV4(), ipv6, port: ports },
          { requiredKeys: [], noNullPrototype: true },
        )
        .filter(isSaying),
      debug: fc.constant(true as const),
      shared: fc.constant(true as const),
    },
    {
      requiredKeys: [
        'traceId',
        'spanId',
        'name',
        'kind',
        'start',
        'duration',
        'attributes',
        'events',
        'links',
        'resource',
      ],
      noNullPrototype: true,
    },
  )
  .filter(span => span.parentId !== span.spanId && !(span.kind === 'client' && span.shared === true))
  .map(span => ({ ...span, status: statusOf(span.attributes) }))

function statusOf(tags: readonly { key: string; value: string }[]): SpanStatus {
  const code = tags.find(({ key }) => key === 'otel.status_code')?.value
  if (tags.some(({ key }) => key === 'error') || code === 'ERROR') return { code: 'error' }
  return code === 'OK' ? { code: 'ok' } : { code: 'unset' }
}

describe('spans that came from Zipkin', () => {
  it('come back as they were', () => {
    fc.assert(
      fc.property(fc.array(zipkinSpans, { maxLength: 4 }), spans => {
        expect(decode(encodeZipkinJson(spans))).toEqual(spans)
      }),
      { numRuns: 300 },
    )
  })

  it.each([
    '[]',
    // The literals of openzipkin/zipkin's own encoder test.
    '[{"traceId":"7180c278b62e8f6a216a2aea45d08fc9","parentId":"6b221d5bc9e6496c","id":"5b4185666d50f68b","kind":"CLIENT","name":"get","timestamp":1472470996199000,"duration":207000,"localEndpoint":{"serviceName":"frontend","ipv4":"127.0.0.1"},"remoteEndpoint":{"serviceName":"backend","ipv4":"192.168.99.101","port":9000},"annotations":[{"timestamp":1472470996238000,"value":"foo"},{"timestamp":1472470996403000,"value":"bar"}],"tags":{"clnt/finagle.version":"6.45.0","http.path":"/api"}}]',
    '[{"traceId":"dc955a1d4768875d","id":"dc955a1d4768875d","name":"encode","timestamp":1510256710021866,"duration":1117,"localEndpoint":{"serviceName":"isao01","ipv4":"10.23.14.72"}}]',
    '[{"traceId":"dc955a1d4768875d","id":"dc955a1d4768875d","kind":"CLIENT","localEndpoint":{"serviceName":"isao01"},"tags":{"error":""}}]',
    '[{"traceId":"0000000000000001","id":"0000000000000001","kind":"SERVER","name":"\\"\\\\\\t","tags":{"\\"foo":"ORA-00942:\\n"},"debug":true,"shared":true}]',
  ])('are printed in their order of fields: %s', text => {
    expect(encodeZipkinJson(decode(text))).toBe(text)
  })
})

describe('spans of other sources', () => {
  const span: Span = {
    traceId: '0000000000000000dc955a1d4768875d' as TraceId,
    spanId: 'dc955a1d4768875d' as SpanId,
    name: 'work',
    kind: 'internal',
    start: 10 as Micros,
    startNanos: 7,
    duration: 0 as Micros,
    durationNanos: 300,
    status: { code: 'error', message: 'broke' },
    attributes: [
      { key: 'retries', value: 3n },
      { key: 'ratio', value: 0.5 },
      { key: 'cached', value: false },
      { key: 'ids', value: [1n, 'a'] },
      { key: 'host.name', value: 'of the span' },
    ],
    events: [{ time: 11 as Micros, name: 'miss', attributes: [{ key: 'key', value: 'k' }] }],
    links: [
      {
        traceId: '00000000000000000000000000000001' as TraceId,
        spanId: '0000000000000002' as SpanId,
        attributes: [],
      },
    ],
    resource: {
      service: 'worker',
      attributes: [
        { key: 'host.name', value: 'of the resource' },
        { key: 'host.id', value: 'h1' },
      ],
    },
    scope: { name: 'lib', version: '1.2', attributes: [] },
    traceState: 'foo=1',
  }

  it('keep what they say in tags', () => {
    expect(JSON.parse(encodeZipkinJson([span]))).toEqual([
      {
        traceId: 'dc955a1d4768875d',
        id: 'dc955a1d4768875d',
        name: 'work',
        timestamp: 10,
        duration: 1,
        localEndpoint: { serviceName: 'worker' },
        annotations: [{ timestamp: 11, value: 'miss|{"key":"k"}|0' }],
        tags: {
          retries: '3',
          ratio: '0.5',
          cached: 'false',
          ids: '[1,"a"]',
          'host.name': 'of the span',
          'host.id': 'h1',
          'span.kind': 'internal',
          'otel.status_code': 'ERROR',
          'otel.status_description': 'broke',
          error: 'broke',
          'otel.scope.name': 'lib',
          'otel.scope.version': '1.2',
          'w3c.tracestate': 'foo=1',
          'otlp.link.0': '00000000000000000000000000000001|0000000000000002||{}|0',
        },
      },
    ])
  })

  it('are read again without a second failure', () => {
    const [again] = decode(encodeZipkinJson([span]))
    expect(again?.status).toEqual({ code: 'error', message: 'broke' })
    expect(again && encodeZipkinJson([again])).toBe(encodeZipkinJson([span]))
  })
})
