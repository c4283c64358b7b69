import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Span } from '../../model/span.ts'
import { collectSpans } from '../collect-spans.ts'
import type { DecodeOutcome } from '../decode-outcome.ts'
import { decodeOtlpJson } from './json-decode.ts'
import { createOtlpProtoDecoder } from './proto-decode.ts'
import { anyRequest } from './testing/any-request.ts'
import { encodeMessage, encodeRequest } from './testing/otlp-messages.ts'

const decodeProto = createOtlpProtoDecoder((bytes, from, to) =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8', from, to),
)

interface Decoded {
  readonly outcome: DecodeOutcome
  readonly spans: readonly Span[]
}

function fromProto(bytes: Uint8Array): Decoded {
  const { sink, spans } = collectSpans()
  return { outcome: decodeProto(bytes, sink), spans }
}

function fromJson(text: string): Decoded {
  const { sink, spans } = collectSpans()
  return { outcome: decodeOtlpJson(text, sink), spans }
}

const both: readonly (readonly [string, (request: object) => Decoded])[] = [
  ['protobuf', request => fromProto(encodeRequest(request))],
  ['JSON', request => fromJson(JSON.stringify(request))],
]

const TRACE = '5b8efff798038103d269b633813fc60c'
const SPAN = 'eee19b7ec3c1b174'
const span = (fields: object = {}) => ({ traceId: TRACE, spanId: SPAN, name: 'get', ...fields })
const requestOf = (...spans: readonly object[]) => ({ resourceSpans: [{ scopeSpans: [{ spans }] }] })

describe.each(both)('OTLP in %s', (_name, decode) => {
  it('is read as it was meant, whatever it is', () => {
    fc.assert(
      fc.property(anyRequest(), ({ json, spans }) => {
        const decoded = decode(json)
        expect(decoded.outcome).toEqual({ status: 'decoded', spans: spans.length, discarded: new Map() })
        expect(decoded.spans).toEqual(spans)
      }),
      { numRuns: 300 },
    )
  })

  it('reads the example of the specification', () => {
    const { spans } = decode(EXAMPLE)
    expect(spans).toEqual([
      {
        traceId: TRACE,
        spanId: SPAN,
        parentId: 'eee19b7ec3c1b173',
        name: "I'm a server span",
        kind: 'server',
        start: 1_544_712_660_000_000,
        duration: 1_000_000,
        status: { code: 'unset' },
        attributes: [{ key: 'my.span.attr', value: 'some value' }],
        events: [],
        links: [],
        resource: { service: 'my.service', attributes: [] },
        scope: {
          name: 'my.library',
          version: '1.0.0',
          attributes: [{ key: 'my.scope.attribute', value: 'some scope attribute' }],
        },
      },
    ])
  })

  it.each([
    ['an empty trace id', { traceId: '' }, 'bad-trace-id'],
    ['a trace id of zeros', { traceId: '0'.repeat(32) }, 'bad-trace-id'],
    ['a short trace id', { traceId: 'ab'.repeat(8) }, 'bad-trace-id'],
    ['a long trace id', { traceId: 'ab'.repeat(17) }, 'bad-trace-id'],
    ['an empty span id', { spanId: '' }, 'bad-span-id'],
    ['a span id of zeros', { spanId: '0'.repeat(16) }, 'bad-span-id'],
    ['a short span id', { spanId: 'abcd' }, 'bad-span-id'],
    ['a short parent', { parentSpanId: 'abcd' }, 'bad-parent-id'],
    ['a start beyond what is exact', { startTimeUnixNano: '18446744073709551615' }, 'time-out-of-range'],
    ['an end beyond what is exact', { endTimeUnixNano: '9007199254740992000' }, 'time-out-of-range'],
    [
      'an event beyond what is exact',
      { events: [{ timeUnixNano: '18446744073709551615', attributes: [] }], links: [{ traceId: TRACE }] },
      'time-out-of-range',
    ],
  ])('leaves out a span with %s, and keeps the others', (_what, fields, reason) => {
    const good = { ...span(), attributes: [{ key: 'a', value: { intValue: '7' } }] }
    const { outcome, spans } = decode(requestOf(good, span(fields), good))
    expect(outcome).toEqual({ status: 'decoded', spans: 2, discarded: new Map([[reason, 1]]) })
    expect(spans.map(({ attributes }) => attributes)).toEqual(Array(2).fill([{ key: 'a', value: 7n }]))
  })

  it('takes zeros for no parent, and keeps links that lead nowhere', () => {
    const { spans } = decode(
      requestOf(span({ parentSpanId: '0'.repeat(16), links: [{ traceId: '', spanId: '0'.repeat(16) }] })),
    )
    expect(spans[0]).not.toHaveProperty('parentId')
    expect(spans[0]?.links).toEqual([{ traceId: '0'.repeat(32), spanId: '0'.repeat(16), attributes: [] }])
  })

  it('says 0 for the duration of a span that ends before it starts', () => {
    const times = { startTimeUnixNano: '2000000', endTimeUnixNano: '1000000' }
    expect(decode(requestOf(span(times))).spans[0]).toMatchObject({ start: 2000, duration: 0 })
  })

  it('does not carry a scope on to spans that have none', () => {
    const { spans } = decode({
      resourceSpans: [
        {
          resource: { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] },
          scopeSpans: [{ scope: { name: 'lib' }, spans: [span()] }, { spans: [span()] }],
        },
        { scopeSpans: [{ spans: [span()] }] },
      ],
    })
    expect(spans.map(({ scope, resource }) => [scope?.name, resource.service])).toEqual([
      ['lib', 'shop'],
      [undefined, 'shop'],
      [undefined, ''],
    ])
  })

  it('takes kinds and codes of a later version for the one that says least', () => {
    const { spans } = decode(requestOf(span({ kind: 77, status: { code: 9 } })))
    expect(spans[0]).toMatchObject({ kind: 'unspecified', status: { code: 'unset' } })
  })

  it('refuses values that are nested without end', () => {
    const nest = (depth: number): object =>
      depth === 0 ? { stringValue: 'x' } : { arrayValue: { values: [nest(depth - 1)] } }
    const withDepth = (depth: number) =>
      decode(requestOf(span({ attributes: [{ key: 'a', value: nest(depth) }] }))).outcome
    expect(withDepth(32)).toMatchObject({ status: 'decoded', spans: 1 })
    expect(withDepth(33)).toMatchObject({
      status: 'malformed',
      message: expect.stringContaining('nested'),
    })
  })
})

describe('OTLP in protobuf', () => {
  const whole = encodeRequest(largeExample())

  it('takes nothing for an empty request', () => {
    expect(fromProto(new Uint8Array()).outcome).toMatchObject({ status: 'decoded', spans: 0 })
  })

  it('never reads beyond the end, wherever the bytes are cut', () => {
    let cutShort = 0
    for (let length = 1; length < whole.length; length++) {
      const { outcome } = fromProto(whole.slice(0, length))
      if (outcome.status === 'malformed') cutShort++
    }
    expect(cutShort).toBeGreaterThan(whole.length * 0.9)
  })

  it('reads or refuses any bytes, and throws nothing', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), bytes => {
        expect(['decoded', 'malformed']).toContain(fromProto(bytes).outcome.status)
      }),
      { numRuns: 2000 },
    )
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(255), (at, byte) => {
        const bytes = whole.slice()
        bytes[at] = byte
        expect(['decoded', 'malformed']).toContain(fromProto(bytes).outcome.status)
      }),
      { numRuns: 2000 },
    )
  })

  it('reads fields in any order, and parts of a message that is said twice', () => {
    const resource = (key: string) =>
      message(1, encodeMessage('Resource', { attributes: [{ key, value: { stringValue: 'shop' } }] }))
    const spanBytes = encodeMessage('Span', span())
    // Name, attributes and status before the ids.
    const backwards = join(
      message(15, encodeMessage('Status', { code: 2 })),
      message(9, encodeMessage('KeyValue', { key: 'a', value: { boolValue: true } })),
      spanBytes,
    )
    const scopeSpans = join(
      message(2, backwards),
      message(1, encodeMessage('InstrumentationScope', { name: 'l' })),
    )
    const bytes = message(1, join(resource('x'), message(2, scopeSpans), resource('service.name')))
    const { outcome, spans } = fromProto(bytes)
    expect(outcome).toMatchObject({ status: 'decoded', spans: 1 })
    expect(spans[0]).toMatchObject({
      name: 'get',
      status: { code: 'error' },
      attributes: [{ key: 'a', value: true }],
      resource: { service: 'shop', attributes: [{ key: 'x', value: 'shop' }] },
      scope: { name: 'l' },
    })
  })

  it('steps over fields that it does not know, groups among them', () => {
    const unknown = [
      [...varint((99 << 3) | 0), 0x96, 0x01],
      [...varint((99 << 3) | 1), 1, 2, 3, 4, 5, 6, 7, 8],
      [...varint((99 << 3) | 2), 3, 1, 2, 3],
      [...varint((99 << 3) | 5), 1, 2, 3, 4],
      [...varint((99 << 3) | 3), 0x08, 0x01, 0x13, 0x14, ...varint((99 << 3) | 4)],
    ].map(bytes => Uint8Array.from(bytes))
    const known = encodeMessage('Span', span())
    const inSpan = message(2, join(...unknown, known, ...unknown))
    const { outcome, spans } = fromProto(
      join(...unknown, message(1, join(message(2, join(...unknown, inSpan)), ...unknown))),
    )
    expect(outcome).toMatchObject({ status: 'decoded', spans: 1 })
    expect(spans[0]?.name).toBe('get')
  })

  it.each([
    ['a field without number', [0x02, 0x00], 'no number'],
    ['a wire type that there is none', [0x0e], 'wire type'],
    ['a group that ends and never began', [0x0c], 'wire type'],
    ['a group that does not end', [0x0b, 0x08, 0x01], 'cut short'],
    ['a number without end', [0x08, ...Array<number>(11).fill(0xff)], '64 bits'],
    ['a length beyond the end', [0x0a, 0x05, 0x00], 'cut short'],
    ['a length of 64 bits', [0x0a, ...Array<number>(9).fill(0xff), 0x01], 'cut short'],
    ['a field number beyond 32 bits', [0xf8, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01, 0x00], 'no number'],
    ['groups without end', Array<number>(100).fill(0x0b), 'nested'],
  ])('refuses %s', (_what, bytes, problem) => {
    expect(fromProto(Uint8Array.from(bytes)).outcome).toEqual({
      status: 'malformed',
      message: expect.stringContaining(problem),
    })
  })

  it('keeps no part of the body that it was given', () => {
    const bytes = encodeRequest(
      requestOf(span({ attributes: [{ key: 'a', value: { bytesValue: 'AQID' } }] })),
    )
    const { spans } = fromProto(bytes)
    bytes.fill(0xee)
    expect(spans[0]?.attributes).toEqual([{ key: 'a', value: Uint8Array.of(1, 2, 3) }])
    expect(spans[0]?.traceId).toBe(TRACE)
  })
})

describe('OTLP in JSON', () => {
  it('takes numbers of 64 bits as numbers too, to the last digit', () => {
    const text = `{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"${TRACE}","spanId":"${SPAN}",
      "startTimeUnixNano":1700000000123456789, "endTimeUnixNano" : 1700000000123457788,
      "attributes":[{"key":"a","value":{"intValue":-9223372036854775808}},{"key":"b","value":{"intValue":5}}]}]}]}]}`
    expect(fromJson(text).spans[0]).toMatchObject({
      start: 1_700_000_000_123_456,
      startNanos: 789,
      duration: 0,
      durationNanos: 999,
      attributes: [
        { key: 'a', value: -(2n ** 63n) },
        { key: 'b', value: 5n },
      ],
    })
  })

  it('takes names of enumerations, numbers that are none, nulls and unknown fields', () => {
    const { spans } = fromJson(
      JSON.stringify({
        ...requestOf(
          span({
            kind: 'SPAN_KIND_CLIENT',
            status: { code: 'STATUS_CODE_ERROR', message: null },
            events: null,
            attributes: [
              { key: 'a', value: { doubleValue: 'NaN' } },
              { key: 'b', value: { doubleValue: '-Infinity' } },
              { key: 'c', value: { doubleValue: '1.5' } },
              { key: 'd', value: { bytesValue: '-_8' } },
              { key: 'e', value: {} },
              { key: 'f' },
            ],
            somethingNew: { deep: [1] },
          }),
        ),
        more: 1,
      }),
    )
    expect(spans[0]).toMatchObject({ kind: 'client', status: { code: 'error' } })
    expect(spans[0]?.attributes.map(({ value }) => value)).toEqual([
      Number.NaN,
      Number.NEGATIVE_INFINITY,
      1.5,
      Uint8Array.of(0xfb, 0xff),
      '',
      '',
    ])
  })

  it.each([
    ['{', 'JSON'],
    ['', 'JSON'],
    ['[]', 'no object'],
    ['{"resourceSpans":{}}', '$.resourceSpans must be a list, but is {}'],
    ['{"resourceSpans":[1]}', '$.resourceSpans[0] must be an object'],
    [JSON.stringify(requestOf(span({ name: 5 }))), '.scopeSpans[0].spans[0].name must be a text, but is 5'],
    [JSON.stringify(requestOf(span({ startTimeUnixNano: -1 }))), 'nanoseconds'],
    [JSON.stringify(requestOf(span({ startTimeUnixNano: '1.5' }))), 'nanoseconds'],
    [JSON.stringify(requestOf(span({ kind: 'SPAN_KIND_ODD' }))), 'SPAN_KIND_'],
    [
      JSON.stringify(
        requestOf(span({ attributes: [{ key: 'a', value: { intValue: '9223372036854775808' } }] })),
      ),
      '.attributes[0].value.intValue must be a whole number of 64 bits',
    ],
    [JSON.stringify(requestOf(span({ attributes: [{ key: 'a', value: { bytesValue: '!' } }] }))), 'base64'],
    [
      JSON.stringify(requestOf(span({ attributes: [{ key: 'a', value: { boolValue: 'true' } }] }))),
      'true or false',
    ],
  ])('refuses %s and says where', (text, problem) => {
    expect(fromJson(text).outcome).toEqual({ status: 'malformed', message: expect.stringContaining(problem) })
  })
})

const varint = (value: number): number[] =>
  value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)]
const join = (...parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts))
const message = (field: number, bytes: Uint8Array): Uint8Array =>
  join(Uint8Array.from([...varint((field << 3) | 2), ...varint(bytes.length)]), bytes)

/** The trace of opentelemetry-proto/examples/trace.json, in its facts. */
const EXAMPLE = {
  resourceSpans: [
    {
      resource: { attributes: [{ key: 'service.name', value: { stringValue: 'my.service' } }] },
      scopeSpans: [
        {
          scope: {
            name: 'my.library',
            version: '1.0.0',
            attributes: [{ key: 'my.scope.attribute', value: { stringValue: 'some scope attribute' } }],
          },
          spans: [
            {
              traceId: '5B8EFFF798038103D269B633813FC60C',
              spanId: 'EEE19B7EC3C1B174',
              parentSpanId: 'EEE19B7EC3C1B173',
              name: "I'm a server span",
              startTimeUnixNano: '1544712660000000000',
              endTimeUnixNano: '1544712661000000000',
              kind: 2,
              attributes: [{ key: 'my.span.attr', value: { stringValue: 'some value' } }],
            },
          ],
        },
      ],
    },
  ],
}

function largeExample(): object {
  const values = [
    { intValue: '-5' },
    { doubleValue: 1.5 },
    { arrayValue: { values: [{ boolValue: true }, { bytesValue: 'AQID' }] } },
    { kvlistValue: { values: [{ key: 'k', value: { stringValue: '軌跡' } }] } },
  ]
  const attributes = values.map((value, at) => ({ key: `key.${at}`, value }))
  const events = [{ timeUnixNano: '1544712660000000001', name: 'retry', attributes }]
  const links = [{ traceId: TRACE, spanId: SPAN, traceState: 'a=b', attributes }]
  const status = { code: 2, message: 'no' }
  return {
    resourceSpans: [
      ...EXAMPLE.resourceSpans,
      ...requestOf(span({ attributes, events, links, status })).resourceSpans,
    ],
  }
}
