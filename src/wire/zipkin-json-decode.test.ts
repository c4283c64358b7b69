import { describe, expect, it } from 'vitest'
import type { Span } from '../model/span.ts'
import { collectSpans } from './collect-spans.ts'
import type { DecodeOutcome } from './decode-outcome.ts'
import { decodeZipkinJson } from './zipkin-json-decode.ts'

const IDS = { traceId: '6b221d5bc9e6496c', id: '6b221d5bc9e6496c' }
const READING = 'reading List<Span> from json'

function decode(body: unknown): { outcome: DecodeOutcome; spans: readonly Span[] } {
  const { sink, spans } = collectSpans()
  return { outcome: decodeZipkinJson(typeof body === 'string' ? body : JSON.stringify(body), sink), spans }
}

function decodeOne(fields: object): Span {
  const { outcome, spans } = decode([{ ...IDS, ...fields }])
  expect(outcome).toEqual({ status: 'decoded', spans: 1, discarded: new Map() })
  const [span] = spans
  if (span === undefined) throw new Error('no span')
  return span
}

const messageOf = (body: unknown): string => {
  const { outcome, spans } = decode(body)
  expect(spans).toEqual([])
  return outcome.status === 'malformed' ? outcome.message : 'not malformed'
}

describe('a list of Zipkin spans', () => {
  it('loses fractions of microseconds, not the span', () => {
    const span = decodeOne({
      timestamp: 1472470996199000.5,
      duration: 0.9,
      annotations: [{ timestamp: 7.25, value: 'x' }],
    })
    expect([span.start, span.duration, span.events[0]?.time]).toEqual([1472470996199000, 0, 7])
  })

  it('has every part of a span where it belongs', () => {
    const { spans } = decode([
      {
        traceId: '7180c278b62e8f6a216a2aea45d08fc9',
        parentId: '6b221d5bc9e6496c',
        id: '5b4185666d50f68b',
        name: 'GET /Api',
        kind: 'CLIENT',
        localEndpoint: { serviceName: 'Frontend', ipv4: '127.0.0.1' },
        remoteEndpoint: { serviceName: 'backend', ipv4: '192.168.99.101', port: 9000 },
        timestamp: 1472470996199000,
        duration: 207000,
        annotations: [
          { timestamp: 1472470996403000, value: 'bar' },
          { timestamp: 1472470996238000, value: 'foo' },
        ],
        tags: { 'http.path': '/api', 'clnt/finagle.version': '6.45.0' },
        debug: true,
      },
    ])
    expect(spans).toEqual([
      {
        traceId: '7180c278b62e8f6a216a2aea45d08fc9',
        spanId: '5b4185666d50f68b',
        parentId: '6b221d5bc9e6496c',
        name: 'GET /Api',
        kind: 'client',
        start: 1472470996199000,
        duration: 207000,
        status: { code: 'unset' },
        attributes: [
          { key: 'http.path', value: '/api' },
          { key: 'clnt/finagle.version', value: '6.45.0' },
        ],
        events: [
          { time: 1472470996403000, name: 'bar', attributes: [] },
          { time: 1472470996238000, name: 'foo', attributes: [] },
        ],
        links: [],
        resource: { service: 'Frontend', attributes: [] },
        local: { ipv4: '127.0.0.1' },
        remote: { service: 'backend', ipv4: '192.168.99.101', port: 9000 },
        debug: true,
      },
    ])
  })

  it('says the service again only when it changes', () => {
    const { spans } = decode(
      ['a', 'a', 'b', 'a'].map(serviceName => ({ ...IDS, localEndpoint: { serviceName } })),
    )
    expect(spans.map(span => span.resource.service)).toEqual(['a', 'a', 'b', 'a'])
    expect(spans[0]?.resource).toBe(spans[1]?.resource)
    expect(spans[0]?.resource).not.toBe(spans[3]?.resource)
  })

  it.each(['', '  \n', '[]', ' [ ] '])('may be empty: %j', body => {
    expect(decode(body).outcome).toEqual({ status: 'decoded', spans: 0, discarded: new Map() })
  })
})

describe('what Zipkin is kind about', () => {
  it('ignores nulls and unknown fields', () => {
    const span = decodeOne({
      parentId: null,
      kind: null,
      name: null,
      timestamp: null,
      duration: null,
      localEndpoint: null,
      remoteEndpoint: null,
      annotations: null,
      tags: null,
      debug: null,
      shared: null,
      unknown: { deep: [1, { er: true }] },
    })
    expect(span).toEqual({
      traceId: '00000000000000006b221d5bc9e6496c',
      spanId: '6b221d5bc9e6496c',
      name: '',
      kind: 'unspecified',
      start: 0,
      duration: 0,
      status: { code: 'unset' },
      attributes: [],
      events: [],
      links: [],
      resource: { service: '', attributes: [] },
    })
  })

  it('pads ids, and takes capitals', () => {
    expect(decodeOne({ traceId: 'A1', id: 'B', parentId: 'c' })).toMatchObject({
      traceId: '000000000000000000000000000000a1',
      spanId: '000000000000000b',
      parentId: '000000000000000c',
    })
  })

  it.each(['6b221d5bc9e6496c', '0', '0000000000000000', ''])('drops the parent %j', parentId => {
    expect(decodeOne({ parentId })).not.toHaveProperty('parentId')
  })

  it('takes quoted numbers, and bare numbers for texts', () => {
    const span = decodeOne({
      name: 7,
      timestamp: '1472470996199000',
      duration: '1.0e3'.length,
      localEndpoint: { ipv4: '127.0.0.1', port: '80' },
      annotations: [{ timestamp: '12', value: 3 }],
      tags: { 'http.status_code': 200 },
    })
    expect(span).toMatchObject({
      name: '7',
      start: 1472470996199000,
      duration: 5,
      local: { ipv4: '127.0.0.1', port: 80 },
      events: [{ time: 12, name: '3' }],
      attributes: [{ key: 'http.status_code', value: '200' }],
    })
  })

  it('takes whole numbers in quotes in any way to write them', () => {
    expect(decodeOne({ timestamp: ' 5', duration: '1.0e3' })).toMatchObject({ start: 5, duration: 1000 })
  })

  it('takes negative times for none', () => {
    expect(decodeOne({ timestamp: -1, duration: -5 })).toMatchObject({ start: 0, duration: 0 })
  })

  it('removes shared from the client half alone', () => {
    expect(decodeOne({ kind: 'CLIENT', shared: true })).not.toHaveProperty('shared')
    expect(decodeOne({ kind: 'SERVER', shared: true })).toHaveProperty('shared', true)
    expect(decodeOne({ kind: 'SERVER', shared: false, debug: false })).not.toHaveProperty('shared')
  })

  it.each([
    {},
    { serviceName: null, ipv4: null, ipv6: null, port: null },
    { serviceName: '', port: 0 },
    { ipv4: 'localhost' },
    { port: -1 },
  ])('takes an endpoint that says nothing for none: %j', endpoint => {
    const span = decodeOne({ localEndpoint: endpoint, remoteEndpoint: endpoint })
    expect(span).not.toHaveProperty('local')
    expect(span).not.toHaveProperty('remote')
    expect(span.resource.service).toBe('')
  })

  it.each([
    [{ ipv4: '10.0.0.1' }, { ipv4: '10.0.0.1' }],
    [{ ipv6: '2001:db8::C001' }, { ipv6: '2001:db8::C001' }],
    [{ ipv4: '2001:db8::c001' }, { ipv6: '2001:db8::c001' }],
    [{ ipv6: '::ffff:10.0.0.1' }, { ipv4: '10.0.0.1' }],
    [{ ipv6: '::1' }, { ipv6: '::1' }],
    [{ ipv4: '256.0.0.1', port: 1 }, { port: 1 }],
    [{ ipv4: '1.2.3', port: 1 }, { port: 1 }],
    [{ ipv4: '01.2.3.4', port: 1 }, { port: 1 }],
    [{ ipv6: '1.2.3.4:80', port: 1 }, { port: 1 }],
  ])('puts addresses where their family belongs: %j', (endpoint, expected) => {
    expect(decodeOne({ remoteEndpoint: endpoint }).remote).toEqual(expected)
  })
})

describe('the status', () => {
  it.each(['', 'true', 'false', 'timed out'])('is error with a tag error=%j, which stays a tag', value => {
    const span = decodeOne({ tags: { error: value } })
    expect(span.status).toEqual({ code: 'error' })
    expect(span.attributes).toEqual([{ key: 'error', value }])
  })

  it("follows OpenTelemetry's tags", () => {
    expect(decodeOne({ tags: { 'otel.status_code': 'OK' } }).status).toEqual({ code: 'ok' })
    expect(
      decodeOne({ tags: { 'otel.status_code': 'ERROR', 'otel.status_description': 'why' } }).status,
    ).toEqual({ code: 'error', message: 'why' })
  })
})

describe('what is no list of Zipkin spans', () => {
  it.each(['hello', '{"traceId":"1"}', '\u0012', 'null', '"[]"'])('%j is no list', body => {
    expect(messageOf(body)).toBe('Expected a JSON_V2 encoded list\n')
  })

  it('knows the first format', () => {
    expect(messageOf([{ ...IDS, binaryAnnotations: [] }])).toBe(
      'Expected a JSON_V2 encoded list, but received: JSON_V1\n',
    )
  })

  it.each(['[', '["', '[{]', '[hello]', '[1'])('%j is malformed, with the place', body => {
    expect(messageOf(body)).toMatch(/^Malformed reading List<Span> from json: ./)
  })

  it.each<[string, unknown]>([
    ['Malformed', [1]],
    ['Malformed', [null]],
    ['Malformed', [[]]],
    ['Missing : traceId id', [{}]],
    ['Missing : id', [{ traceId: '1' }]],
    ['Expected a string but was NULL at $[0].traceId', [{ ...IDS, traceId: null }]],
    ['Expected a string but was NULL at $[0].id', [{ ...IDS, id: null }]],
    ['traceId is empty', [{ ...IDS, traceId: '' }]],
    ['traceId is all zeros', [{ ...IDS, traceId: '0000' }]],
    ['traceId.length > 32', [{ ...IDS, traceId: '1'.repeat(33) }]],
    ['id.length > 16', [{ ...IDS, id: '1'.repeat(17) }]],
    ['id is all zeros', [{ ...IDS, id: '0000000000000000' }]],
    ['parentId.length > 16', [{ ...IDS, parentId: '0'.repeat(17) }]],
    ['0x1 should be lower-hex encoded with no prefix', [{ ...IDS, id: '0x1' }]],
    ['No enum constant zipkin2.Span.Kind.client', [{ ...IDS, kind: 'client' }]],
    ['No enum constant zipkin2.Span.Kind.1', [{ ...IDS, kind: 1 }]],
    ['For input string: "now"', [{ ...IDS, timestamp: 'now' }]],
    ['For input string: "0x10"', [{ ...IDS, timestamp: '0x10' }]],
    ['empty String', [{ ...IDS, duration: '' }]],
    ['Expected a long but was 1.5 at $[0].duration', [{ ...IDS, duration: '1.5' }]],
    ['Expected an int but was 1.5 at $[0].localEndpoint.port', [{ ...IDS, localEndpoint: { port: 1.5 } }]],
    [
      'Expected an int but was 1099511627776 at $[0].localEndpoint.port',
      [{ ...IDS, localEndpoint: { port: 2 ** 40 } }],
    ],
    ['Expected a long but was BOOLEAN at $[0].duration', [{ ...IDS, duration: true }]],
    ['Expected a boolean but was STRING at $[0].debug', [{ ...IDS, debug: 'true' }]],
    ['Malformed', [{ ...IDS, tags: [] }]],
    ['No value at $[0].tags.foo', [{ ...IDS, tags: { foo: null } }]],
    ['Expected a string but was BOOLEAN at $[1].tags.error', [IDS, { ...IDS, tags: { error: true } }]],
    ['Malformed', [{ ...IDS, annotations: {} }]],
    ['Incomplete annotation at $[0].annotations[0].', [{ ...IDS, annotations: [{}] }]],
    ['Incomplete annotation at $[0].annotations[0].timestamp', [{ ...IDS, annotations: [{ timestamp: 1 }] }]],
    [
      'Expected a string but was NULL at $[0].annotations[0].value',
      [{ ...IDS, annotations: [{ timestamp: 1, value: null }] }],
    ],
    ['Malformed', [{ ...IDS, localEndpoint: 'a' }]],
    ['invalid port 65536', [{ ...IDS, remoteEndpoint: { port: 65536 } }]],
    [
      'Expected a string but was BEGIN_OBJECT at $[0].localEndpoint.serviceName',
      [{ ...IDS, localEndpoint: { serviceName: {} } }],
    ],
  ])('%s', (problem, body) => {
    expect(messageOf(body)).toBe(`${problem} ${READING}`)
  })

  it('tells the sink nothing when one span of many is bad', () => {
    const { outcome, spans } = decode([IDS, IDS, { ...IDS, id: 'x' }])
    expect(outcome.status).toBe('malformed')
    expect(spans).toEqual([])
  })
})

it('discards a span with a time that cannot be kept exactly, and says so', () => {
  const { outcome, spans } = decode(
    `[{"traceId":"1","id":"1","timestamp":1472470996199000000000},` +
      `{"traceId":"1","id":"2","annotations":[{"timestamp":9007199254740993,"value":"x"}]},` +
      `{"traceId":"1","id":"3"}]`,
  )
  expect(outcome).toEqual({ status: 'decoded', spans: 1, discarded: new Map([['time-out-of-range', 2]]) })
  expect(spans.map(span => span.spanId)).toEqual(['0000000000000003'])
})
