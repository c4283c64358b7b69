import { describe, expect, it } from 'vitest'
import type { Attribute, AttributeValue } from '../model/attributes.ts'
import type { SpanId, TraceId } from '../model/ids.ts'
import type { Micros } from '../model/micros.ts'
import type { Resource, Span } from '../model/span.ts'
import { collectSpans } from './collect-spans.ts'
import { decodeJaegerTrace, encodeJaegerTrace } from './jaeger-json.ts'
import type { JaegerKeyValue, JaegerSpan } from './jaeger-shapes.ts'
import { decodeZipkinJson } from './zipkin-json-decode.ts'

const TRACE = '0000000000000000dc955a1d4768875d' as TraceId
const LONG = '4bf92f3577b34da6a3ce929d0e0e4736' as TraceId
const A = '000000000000000a' as SpanId
const B = '000000000000000b' as SpanId
const at = (value: number): Micros => value as Micros

const span = (some: Partial<Span>): Span => ({
  traceId: TRACE,
  spanId: A,
  name: 'work',
  kind: 'unspecified',
  start: at(1),
  duration: at(2),
  status: { code: 'unset' },
  attributes: [],
  events: [],
  links: [],
  resource: { service: 's', attributes: [] },
  ...some,
})

const encodeOne = (some: Partial<Span>): JaegerSpan => {
  const [encoded] = encodeJaegerTrace({ traceId: TRACE, spans: [span(some)] }).spans
  if (encoded === undefined) throw new Error('no span')
  return encoded
}

const brief = (tags: readonly JaegerKeyValue[]): readonly string[] =>
  tags.map(({ key, type, value }) => `${key}=${value}:${type}`)

describe('a trace for Jaeger', () => {
  it('has every list, and ids of 16 digits where they fit', () => {
    expect(encodeJaegerTrace({ traceId: TRACE, spans: [span({ parentId: B })] })).toEqual({
      traceID: 'dc955a1d4768875d',
      spans: [
        {
          traceID: 'dc955a1d4768875d',
          spanID: '000000000000000a',
          operationName: 'work',
          references: [{ refType: 'CHILD_OF', traceID: 'dc955a1d4768875d', spanID: '000000000000000b' }],
          startTime: 1,
          duration: 2,
          tags: [],
          logs: [],
          processID: 'p1',
          warnings: null,
        },
      ],
      processes: { p1: { serviceName: 's', tags: [] } },
      warnings: null,
    })
    expect(encodeJaegerTrace({ traceId: LONG, spans: [] }).traceID).toBe(LONG)
  })

  it('numbers processes as they appear, by service and tags', () => {
    const tags: Attribute[] = [{ key: 'host', value: 'h' }]
    const resources: Resource[] = [
      { service: 'a', attributes: [] },
      { service: 'b', attributes: tags },
      { service: 'a', attributes: [] },
      { service: 'a', attributes: tags },
      { service: '', attributes: [] },
    ]
    const trace = encodeJaegerTrace({ traceId: TRACE, spans: resources.map(resource => span({ resource })) })
    expect(trace.spans.map(({ processID }) => processID)).toEqual(['p1', 'p2', 'p1', 'p3', 'p4'])
    expect(trace.processes['p2']).toEqual({
      serviceName: 'b',
      tags: [{ key: 'host', type: 'string', value: 'h' }],
    })
    expect(trace.processes['p4']?.serviceName).toBe('missing-service-name')
  })

  it("puts tags in Jaeger's order", () => {
    const { tags } = encodeOne({
      kind: 'client',
      status: { code: 'error', message: 'broke' },
      attributes: [{ key: 'x', value: 'y' }],
      scope: { name: 'lib', version: '1', attributes: [] },
      traceState: 'foo=1',
      local: { ipv4: '10.0.0.1', port: 80 },
      remote: { service: 'db', ipv6: '::1', port: 3306 },
    })
    expect(brief(tags)).toEqual([
      'otel.scope.name=lib:string',
      'otel.scope.version=1:string',
      'x=y:string',
      'network.local.address=10.0.0.1:string',
      'net.host.port=80:int64',
      'peer.service=db:string',
      'network.peer.address=::1:string',
      'net.peer.port=3306:int64',
      'span.kind=client:string',
      'otel.status_code=ERROR:string',
      'error=true:bool',
      'otel.status_description=broke:string',
      'w3c.tracestate=foo=1:string',
    ])
  })

  it.each<[AttributeValue, JaegerKeyValue['type'], JaegerKeyValue['value']]>([
    ['text', 'string', 'text'],
    [true, 'bool', true],
    [9007199254740991n, 'int64', 9007199254740991],
    [9007199254740992n, 'int64', '9007199254740992'],
    [-9007199254740992n, 'int64', '-9007199254740992'],
    [1.5, 'float64', 1.5],
    [Number.NaN, 'float64', 'NaN'],
    [new Uint8Array([1, 2, 3]), 'binary', 'AQID'],
    [['a', 1n], 'string', '["a",1]'],
    [new Map([['k', 'v']]), 'string', '{"k":"v"}'],
  ])('types %s', (value, type, printed) => {
    expect(encodeOne({ attributes: [{ key: 'k', value }] }).tags).toEqual([
      { key: 'k', type, value: printed },
    ])
  })

  it('names events in a field, unless one of their own does', () => {
    const attributes: Attribute[] = [{ key: 'n', value: 1n }]
    const { logs } = encodeOne({
      events: [
        { time: at(5), name: 'sent', attributes },
        { time: at(6), name: 'sent', attributes: [{ key: 'event', value: 'own' }] },
      ],
    })
    expect(logs.map(({ fields }) => brief(fields))).toEqual([
      ['event=sent:string', 'n=1:int64'],
      ['event=own:string'],
    ])
  })

  it('has the parent first, links behind it, and a link to the parent once', () => {
    const child: Attribute[] = [{ key: 'opentracing.ref_type', value: 'child_of' }]
    const { references } = encodeOne({
      parentId: B,
      links: [
        { traceId: LONG, spanId: A, attributes: [] },
        { traceId: TRACE, spanId: B, attributes: [] },
        { traceId: LONG, spanId: B, attributes: child },
      ],
    })
    expect(references.map(({ refType, traceID, spanID }) => [refType, traceID, spanID])).toEqual([
      ['CHILD_OF', 'dc955a1d4768875d', B],
      ['FOLLOWS_FROM', LONG, A],
      ['CHILD_OF', LONG, B],
    ])
  })

  it('says debug in the flags, and a missing name in words', () => {
    expect(encodeOne({ debug: true, name: '' })).toMatchObject({ flags: 3, operationName: 'empty-span-name' })
    expect(encodeOne({})).not.toHaveProperty('flags')
  })

  it('carries warnings both ways', () => {
    const warned = span({})
    const spans = [span({ spanId: B }), warned]
    const encoded = encodeJaegerTrace({ traceId: TRACE, spans, warnings: new Map([[warned, ['odd']]]) })
    expect(encoded.spans.map(({ warnings }) => warnings)).toEqual([null, ['odd']])
    const decoded = decodeJaegerTrace(encoded)
    expect(decoded.spans.map(item => decoded.warnings.get(item))).toEqual([undefined, ['odd']])
  })
})

describe('spans that came from Zipkin', () => {
  const tagsOf = (fields: object): readonly string[] => {
    const { sink, spans } = collectSpans()
    decodeZipkinJson(JSON.stringify([{ traceId: '1', id: '1', ...fields }]), sink)
    return brief(encodeJaegerTrace({ traceId: TRACE, spans }).spans[0]?.tags ?? [])
  }

  it('show their tags as they were sent', () => {
    expect(tagsOf({ kind: 'SERVER', tags: { 'http.status_code': '200', component: 'x' } })).toEqual([
      'http.status_code=200:string',
      'component=x:string',
      'span.kind=server:string',
    ])
  })

  it('fail by their tag error, and keep its text unless it is just true', () => {
    expect(tagsOf({ tags: { error: 'timed out' } })).toEqual([
      'error=timed out:string',
      'otel.status_code=ERROR:string',
      'error=true:bool',
    ])
    expect(tagsOf({ tags: { error: 'true' } })).toEqual(['otel.status_code=ERROR:string', 'error=true:bool'])
  })

  it('do not say twice what they said in tags', () => {
    const tags = { 'otel.status_code': 'ERROR', 'peer.service': 'mine', 'span.kind': 'odd' }
    expect(tagsOf({ kind: 'CLIENT', tags, remoteEndpoint: { serviceName: 'db' } })).toEqual([
      'otel.status_code=ERROR:string',
      'peer.service=mine:string',
      'span.kind=odd:string',
      'error=true:bool',
    ])
  })
})
