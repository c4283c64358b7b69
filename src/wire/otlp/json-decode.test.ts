import { describe, expect, it } from 'vitest'
import { collectSpans } from '../collect-spans.ts'
import { decodeOtlpJson } from './json-decode.ts'
import { requestOf, SPAN, span, TRACE } from './testing/requests.ts'

function fromJson(text: string) {
  const { sink, spans } = collectSpans()
  return { outcome: decodeOtlpJson(text, sink), spans }
}

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
