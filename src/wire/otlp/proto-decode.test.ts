import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { collectSpans } from '../collect-spans.ts'
import { createOtlpProtoDecoder } from './proto-decode.ts'
import { encodeMessage, encodeRequest } from './testing/otlp-messages.ts'
import { EXAMPLE, requestOf, SPAN, span, TRACE } from './testing/requests.ts'

const decodeProto = createOtlpProtoDecoder((bytes, from, to) =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8', from, to),
)

function fromProto(bytes: Uint8Array) {
  const { sink, spans } = collectSpans()
  return { outcome: decodeProto(bytes, sink), spans }
}

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

const varint = (value: number): number[] =>
  value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)]
const join = (...parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts))
const message = (field: number, bytes: Uint8Array): Uint8Array =>
  join(Uint8Array.from([...varint((field << 3) | 2), ...varint(bytes.length)]), bytes)

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
