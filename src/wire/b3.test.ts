import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { SpanId, TraceId } from '../model/ids.ts'
import { b3Headers, b3SingleValue, extractB3, parseB3Single } from './b3.ts'
import {
  clearTraceHeaders,
  noTraceHeaders,
  TRACE_HEADER_NAMES,
  type TraceContext,
  type TraceHeaders,
  takeTraceHeader,
} from './trace-context.ts'

const TRACE = '80f198ee56343ba864fe8b2a57d3eff7'
const SHORT = '64fe8b2a57d3eff7'
const SPAN = 'e457b5a2e4d86bd1'
const PARENT = '05e3ac9a4f6e3b90'

const headersOf = (some: Partial<TraceHeaders>): TraceHeaders => ({ ...noTraceHeaders(), ...some })
const extract = (some: Partial<TraceHeaders>): TraceContext | undefined => extractB3(headersOf(some))

describe('B3 in many headers', () => {
  it("reads the specification's example", () => {
    const context = extract({ b3TraceId: TRACE, b3SpanId: SPAN, b3ParentSpanId: PARENT, b3Sampled: '1' })
    expect(context).toEqual({
      traceId: TRACE,
      shortId: false,
      spanId: SPAN,
      parentId: PARENT,
      sampled: true,
      debug: false,
      random: false,
      format: 'b3',
      traceState: '',
    })
  })

  it.each([
    ['1', true, false],
    ['0', false, false],
    ['true', true, false],
    ['TRUE', true, false],
    ['false', false, false],
    ['d', true, true],
    ['', undefined, false],
    ['yes', undefined, false],
    ['11', undefined, false],
  ])('x-b3-sampled: %s', (b3Sampled, sampled, debug) => {
    expect(extract({ b3TraceId: TRACE, b3SpanId: SPAN, b3Sampled })).toMatchObject({ sampled, debug })
  })

  it('takes x-b3-flags: 1 for debug, which means sampled, and other flags for nothing', () => {
    expect(extract({ b3TraceId: TRACE, b3SpanId: SPAN, b3Flags: '1' })).toMatchObject({
      sampled: true,
      debug: true,
    })
    expect(extract({ b3TraceId: TRACE, b3SpanId: SPAN, b3Flags: '0' })).toMatchObject({
      sampled: undefined,
      debug: false,
    })
  })

  it.each([
    ['deny', { b3Sampled: '0' }, false, false],
    ['accept', { b3Sampled: '1' }, true, false],
    ['debug', { b3Flags: '1' }, true, true],
    ['deny beside a trace id that is none', { b3TraceId: 'x', b3Sampled: '0' }, false, false],
  ])('honours a decision alone: %s', (_, headers, sampled, debug) => {
    expect(extract(headers)).toMatchObject({ traceId: undefined, spanId: undefined, sampled, debug })
  })

  it('keeps a 64-bit trace id apart from its padded form', () => {
    const short = extract({ b3TraceId: SHORT, b3SpanId: SPAN })
    expect(short).toMatchObject({ traceId: `0000000000000000${SHORT}`, shortId: true })
    const long = extract({ b3TraceId: `0000000000000000${SHORT}`, b3SpanId: SPAN })
    expect(long).toMatchObject({ traceId: `0000000000000000${SHORT}`, shortId: false })
  })

  it('makes small letters of capitals', () => {
    expect(extract({ b3TraceId: TRACE.toUpperCase(), b3SpanId: SPAN.toUpperCase() })).toMatchObject({
      traceId: TRACE,
      spanId: SPAN,
    })
  })

  it.each([
    ['a trace id alone stays usable', { b3TraceId: TRACE }, { traceId: TRACE, spanId: undefined }],
    [
      'a parent without span is nothing',
      { b3TraceId: TRACE, b3ParentSpanId: PARENT },
      { parentId: undefined },
    ],
    ['garbage in the span id', { b3TraceId: TRACE, b3SpanId: '-' }, { traceId: TRACE, spanId: undefined }],
    [
      'a span id of zeros',
      { b3TraceId: TRACE, b3SpanId: '0000000000000000' },
      { traceId: TRACE, spanId: undefined },
    ],
    [
      'a span id that is too long',
      { b3TraceId: TRACE, b3SpanId: TRACE },
      { traceId: TRACE, spanId: undefined },
    ],
    [
      'garbage in the parent',
      { b3TraceId: TRACE, b3SpanId: SPAN, b3ParentSpanId: '-' },
      { spanId: SPAN, parentId: undefined },
    ],
    [
      'its own parent',
      { b3TraceId: TRACE, b3SpanId: SPAN, b3ParentSpanId: SPAN },
      { spanId: SPAN, parentId: undefined },
    ],
  ])('incomplete: %s', (_, headers, expected) => {
    expect(extract(headers)).toMatchObject(expected)
  })

  it.each([
    ['nothing', {}],
    ['a span id without trace id', { b3SpanId: SPAN, b3ParentSpanId: PARENT }],
    ['a trace id that is too long', { b3TraceId: `${TRACE}0`, b3SpanId: SPAN }],
    ['a trace id of zeros', { b3TraceId: '0'.repeat(32), b3SpanId: SPAN }],
  ])('says nothing: %s', (_, headers) => {
    expect(extract(headers)).toBeUndefined()
  })
})

describe('B3 in one header', () => {
  it.each([
    [`${TRACE}-${SPAN}-1-${PARENT}`, { traceId: TRACE, spanId: SPAN, parentId: PARENT, sampled: true }],
    [`${TRACE}-${SPAN}-1`, { parentId: undefined, sampled: true, debug: false }],
    [`${TRACE}-${SPAN}-0`, { sampled: false }],
    [`${TRACE}-${SPAN}-d-${PARENT}`, { sampled: true, debug: true, parentId: PARENT }],
    [`${TRACE}-${SPAN}`, { traceId: TRACE, spanId: SPAN, sampled: undefined }],
    [`${SHORT}-${SPAN}`, { traceId: `0000000000000000${SHORT}`, shortId: true }],
    ['0', { traceId: undefined, sampled: false, debug: false }],
    ['1', { traceId: undefined, sampled: true, debug: false }],
    ['d', { traceId: undefined, sampled: true, debug: true }],
  ])('reads %s', (b3, expected) => {
    expect(parseB3Single(b3)).toMatchObject({ ...expected, format: 'b3-single' })
  })

  it.each([
    '',
    '-',
    'x',
    TRACE,
    `${TRACE}-`,
    `-${SPAN}`,
    `${TRACE}-${SPAN}-`,
    `${TRACE}-${SPAN}-2`,
    `${TRACE}-${SPAN}-11`,
    `${TRACE}-${SPAN}-1-`,
    `${TRACE}-${SPAN}-1-${PARENT}-`,
    `${TRACE}-${SPAN}-${PARENT}`,
    `${TRACE}0-${SPAN}-1`,
    `${TRACE}-${SPAN}0-1`,
    `${'0'.repeat(32)}-${SPAN}-1`,
  ])('refuses %j', value => {
    expect(parseB3Single(value)).toBeUndefined()
  })

  it('wins over the many, unless it is malformed', () => {
    const many = { b3TraceId: SHORT, b3SpanId: PARENT }
    expect(extract({ ...many, b3: `${TRACE}-${SPAN}-1` })).toMatchObject({ traceId: TRACE, spanId: SPAN })
    expect(extract({ ...many, b3: 'garbage' })).toMatchObject({ spanId: PARENT, format: 'b3' })
  })
})

const hexOf = (digits: number): fc.Arbitrary<string> =>
  fc
    .string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: digits, maxLength: digits })
    .filter(text => !/^0+$/.test(text))

const contexts: fc.Arbitrary<TraceContext> = fc
  .record({
    traceId: hexOf(32),
    short: fc.boolean(),
    spanId: hexOf(16),
    parentId: fc.option(hexOf(16), { nil: undefined }),
    sampled: fc.constantFrom(true, false, undefined),
    debug: fc.boolean(),
  })
  .map(({ traceId, short, spanId, parentId, sampled, debug }) => ({
    traceId: (short ? `0000000000000000${spanId}` : traceId) as TraceId,
    shortId: short,
    spanId: spanId as SpanId,
    parentId: parentId === spanId ? undefined : (parentId as SpanId | undefined),
    sampled: debug ? true : sampled,
    debug,
    random: false,
    format: 'b3',
    traceState: '',
  }))

describe('B3 as it is written', () => {
  it('reads what it wrote in many headers', () => {
    fc.assert(
      fc.property(contexts, context => {
        expect(extractB3(parseLines(b3Headers(context)))).toEqual(context)
      }),
    )
  })

  it('reads what it wrote in one header; without a decision there is no place for the parent', () => {
    fc.assert(
      fc.property(contexts, context => {
        const parentId = context.sampled === undefined ? undefined : context.parentId
        expect(parseB3Single(b3SingleValue(context))).toEqual({ ...context, parentId, format: 'b3-single' })
      }),
    )
  })

  it('says debug without the decision that it implies', () => {
    const context = extract({ b3TraceId: SHORT, b3SpanId: SPAN, b3Flags: '1' })
    expect(context && b3Headers(context)).toBe(
      `x-b3-traceid: ${SHORT}\r\nx-b3-spanid: ${SPAN}\r\nx-b3-flags: 1\r\n`,
    )
  })
})

it('takes every trace header, the first of B3 and all of W3C', () => {
  const headers = noTraceHeaders()
  for (const value of ['1', '2']) for (const name of TRACE_HEADER_NAMES) takeTraceHeader(headers, name, value)
  const { traceparent, tracestate, ...b3 } = headers
  expect([traceparent, tracestate]).toEqual(['1,2', '1,2'])
  expect(new Set(Object.values(b3))).toEqual(new Set(['1']))
})

it('clears headers to be filled again', () => {
  const headers = headersOf({ b3: '0', traceparent: 'x', tracestate: 'y', b3Flags: '1' })
  clearTraceHeaders(headers)
  expect(headers).toEqual(noTraceHeaders())
})

function parseLines(lines: string): TraceHeaders {
  const headers = noTraceHeaders()
  for (const line of lines.split('\r\n').filter(text => text !== '')) {
    const [name = '', value = ''] = line.split(': ')
    if (!TRACE_HEADER_NAMES.includes(name)) throw new Error(`unknown header ${name}`)
    takeTraceHeader(headers, name, value)
  }
  return headers
}
