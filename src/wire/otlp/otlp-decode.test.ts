import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Span } from '../../model/span.ts'
import { collectSpans } from '../collect-spans.ts'
import type { DecodeOutcome } from '../decode-outcome.ts'
import { decodeOtlpJson } from './json-decode.ts'
import { createOtlpProtoDecoder } from './proto-decode.ts'
import { anyRequest } from './testing/any-request.ts'
import { encodeRequest } from './testing/otlp-messages.ts'
import { EXAMPLE, requestOf, SPAN, span, TRACE } from './testing/requests.ts'

interface Decoded {
  readonly outcome: DecodeOutcome
  readonly spans: readonly Span[]
}

const decodeProto = createOtlpProtoDecoder((bytes, from, to) =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8', from, to),
)

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
