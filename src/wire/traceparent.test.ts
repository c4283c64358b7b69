import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseTraceparent, traceparentHeader, traceparentValue } from './traceparent.ts'

const TRACE = '12345678901234567890123456789012'
const SPAN = '1234567890123456'

describe('traceparent', () => {
  it("reads the specification's examples", () => {
    expect(parseTraceparent('00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01')).toEqual({
      traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
      shortId: false,
      spanId: '00f067aa0ba902b7',
      parentId: undefined,
      sampled: true,
      debug: false,
      random: false,
      format: 'w3c',
      traceState: '',
    })
    expect(parseTraceparent('00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00')?.sampled).toBe(false)
  })

  it.each([
    `cc-${TRACE}-${SPAN}-01`,
    `cc-${TRACE}-${SPAN}-01-what-the-future-will-be-like`,
    `01-${TRACE}-${SPAN}-ff`,
  ])('reads a later version: %s', value => {
    expect(parseTraceparent(value)).toMatchObject({ traceId: TRACE, spanId: SPAN, sampled: true })
  })

  it('keeps the mark of a random trace id', () => {
    const context = parseTraceparent(`00-${TRACE}-${SPAN}-02`)
    expect(context).toMatchObject({ sampled: false, random: true })
    expect(context && traceparentValue(context)).toBe(`00-${TRACE}-${SPAN}-02`)
  })

  it.each([
    `00-${TRACE}-${SPAN}-01.`,
    `00-${TRACE}-${SPAN}-01-what-the-future-will-be-like`,
    `cc-${TRACE}-${SPAN}-01.what-the-future-will-be-like`,
    `ff-${TRACE}-${SPAN}-01`,
    `.0-${TRACE}-${SPAN}-01`,
    `0.-${TRACE}-${SPAN}-01`,
    `000-${TRACE}-${SPAN}-01`,
    `0-${TRACE}-${SPAN}-01`,
    `00-${'0'.repeat(32)}-${SPAN}-01`,
    `00-.2345678901234567890123456789012-${SPAN}-01`,
    `00-${TRACE}3-${SPAN}-01`,
    `00-1234567890123456789012345678901-${SPAN}-01`,
    `00-${TRACE}-0000000000000000-01`,
    `00-${TRACE}-123456789012345.-01`,
    `00-${TRACE}-${SPAN}7-01`,
    `00-${TRACE}-123456789012345-01`,
    `00-${TRACE}-${SPAN}-.0`,
    `00-${TRACE}-${SPAN}-001`,
    `00-${TRACE}-${SPAN}-1`,
    `00-${TRACE.replace('1', 'A')}-${SPAN}-01`,
    `00-${TRACE}-${SPAN.replace('1', 'A')}-01`,
    `00-${TRACE}-${SPAN}-0A`,
    `CC-${TRACE}-${SPAN}-01`,
    `00-${TRACE}-${SPAN}-01, 00-${TRACE}-${SPAN}-01`,
    `00_${TRACE}_${SPAN}_01`,
    '',
  ])('refuses %j', value => {
    expect(parseTraceparent(value)).toBeUndefined()
  })

  it('takes nothing from garbage', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 80 }), value => {
        expect(parseTraceparent(value)).toBeUndefined()
      }),
    )
  })

  it('writes the line, and nothing without span id', () => {
    const context = parseTraceparent(`cc-${TRACE}-${SPAN}-01-more`)
    if (context === undefined) throw new Error('not read')
    expect(traceparentHeader(context)).toBe(`traceparent: 00-${TRACE}-${SPAN}-01\r\n`)
    expect(traceparentHeader({ ...context, sampled: undefined })).toBe(
      `traceparent: 00-${TRACE}-${SPAN}-00\r\n`,
    )
    expect(traceparentHeader({ ...context, spanId: undefined })).toBe('')
  })
})
