import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { eachTraceHeader, extractContext, traceHeaderLines } from './propagation.ts'
import { noTraceHeaders, type TraceContext, type TraceHeaders } from './trace-context.ts'

const TRACE = '80f198ee56343ba864fe8b2a57d3eff7'
const OTHER = '4bf92f3577b34da6a3ce929d0e0e4736'
const SPAN = 'e457b5a2e4d86bd1'
const NEXT = '00f067aa0ba902b7'
const PARENT = '05e3ac9a4f6e3b90'

const B3 = { b3TraceId: TRACE, b3SpanId: SPAN, b3ParentSpanId: PARENT, b3Sampled: '1' }

const extract = (some: Partial<TraceHeaders>): TraceContext | undefined =>
  extractContext({ ...noTraceHeaders(), ...some })

const linesOf = (some: Partial<TraceHeaders>): string => {
  const context = extract(some)
  return context === undefined ? '' : traceHeaderLines(context)
}

describe('the context of a request', () => {
  it('is unknown without headers, and with invalid ones', () => {
    expect(extract({})).toBeUndefined()
    expect(extract({ traceparent: 'x', b3: 'x', b3TraceId: 'x', tracestate: 'foo=1' })).toBeUndefined()
  })

  it('comes from B3 where the app copied both headers', () => {
    const both = { ...B3, traceparent: `00-${TRACE}-${SPAN}-01`, tracestate: 'foo=1' }
    expect(extract(both)).toMatchObject({ spanId: SPAN, parentId: PARENT, format: 'b3', traceState: 'foo=1' })
  })

  it('comes from traceparent where the app advanced it within the trace', () => {
    const advanced = { ...B3, traceparent: `00-${TRACE}-${NEXT}-01` }
    expect(extract(advanced)).toMatchObject({
      traceId: TRACE,
      spanId: NEXT,
      parentId: undefined,
      format: 'w3c',
    })
  })

  it('comes from B3 where the app advanced that, and copied traceparent', () => {
    const advanced = {
      ...B3,
      b3SpanId: NEXT,
      b3ParentSpanId: SPAN,
      traceparent: `00-${TRACE}-${SPAN}-01`,
      tracestate: 'foo=1',
    }
    expect(extract(advanced)).toMatchObject({
      spanId: NEXT,
      parentId: SPAN,
      format: 'b3',
      traceState: 'foo=1',
    })
  })

  it('comes from traceparent where the app began a trace of its own', () => {
    const own = { ...B3, traceparent: `00-${OTHER}-${NEXT}-00` }
    expect(extract(own)).toMatchObject({ traceId: OTHER, spanId: NEXT, sampled: false, format: 'w3c' })
  })

  it('keeps the length of the trace id and the debug mark of B3 when traceparent wins', () => {
    const short = TRACE.slice(16)
    const headers = {
      b3TraceId: short,
      b3SpanId: SPAN,
      b3Flags: '1',
      traceparent: `00-0000000000000000${short}-${NEXT}-00`,
    }
    expect(extract(headers)).toMatchObject({ spanId: NEXT, shortId: true, debug: true, sampled: true })
  })

  it("takes traceparent's decision where B3 leaves it open", () => {
    const headers = { b3TraceId: TRACE, b3SpanId: SPAN, traceparent: `00-${TRACE}-${SPAN}-01` }
    expect(extract(headers)).toMatchObject({ sampled: true, format: 'b3' })
  })

  it('lets a B3 decision without ids override that of traceparent', () => {
    const traceparent = `00-${TRACE}-${SPAN}-01`
    expect(extract({ b3: '0', traceparent })).toMatchObject({ traceId: TRACE, spanId: SPAN, sampled: false })
    expect(extract({ b3Flags: '1', traceparent })).toMatchObject({
      debug: true,
      sampled: true,
      format: 'w3c',
    })
  })

  it('fills a B3 trace id that came without span id', () => {
    expect(extract({ b3TraceId: TRACE, traceparent: `00-${TRACE}-${NEXT}-01` })).toMatchObject({
      spanId: NEXT,
      format: 'w3c',
    })
  })

  it('drops tracestate that is invalid or has no traceparent', () => {
    expect(extract({ ...B3, tracestate: 'foo=1' })?.traceState).toBe('')
    expect(extract({ traceparent: `00-${TRACE}-${SPAN}-01`, tracestate: 'FOO=1' })?.traceState).toBe('')
    expect(extract({ traceparent: `00-${TRACE}-${SPAN}-01`, tracestate: ' foo=1 ' })?.traceState).toBe(
      ' foo=1 ',
    )
  })

  it('never holds an id that no span may have', () => {
    const piece = fc.oneof(
      fc.constantFrom('', TRACE, SPAN, '0', '0'.repeat(32), TRACE.toUpperCase(), '-', `${TRACE}-${SPAN}-1`),
      fc.constantFrom(`00-${TRACE}-${NEXT}-01`, `00-${OTHER}-${SPAN}-00`, '1', 'd', 'true', 'foo=1'),
      fc.string({ maxLength: 40 }),
    )
    const headers = fc.record({
      b3TraceId: piece,
      b3SpanId: piece,
      b3ParentSpanId: piece,
      b3Sampled: piece,
      b3Flags: piece,
      b3: piece,
      traceparent: piece,
      tracestate: piece,
    })
    fc.assert(
      fc.property(headers, some => {
        const context = extractContext(some)
        if (context === undefined) return
        const { traceId, spanId, parentId } = context
        if (traceId !== undefined) expect(traceId).toMatch(/^(?!0{32})[0-9a-f]{32}$/)
        for (const id of [spanId, parentId])
          if (id !== undefined) expect(id).toMatch(/^(?!0{16})[0-9a-f]{16}$/)
        if (traceId === undefined) expect(spanId).toBeUndefined()
        if (spanId === undefined) expect(parentId).toBeUndefined()
        if (parentId !== undefined) expect(parentId).not.toBe(spanId)
        if (context.debug) expect(context.sampled).toBe(true)
      }),
    )
  })
})

describe('the headers of a context', () => {
  it('are B3 and traceparent always, and tracestate where there is one', () => {
    expect(linesOf({ ...B3, traceparent: `00-${TRACE}-${SPAN}-01`, tracestate: 'foo=1' })).toBe(
      `x-b3-traceid: ${TRACE}\r\nx-b3-spanid: ${SPAN}\r\nx-b3-parentspanid: ${PARENT}\r\nx-b3-sampled: 1\r\n` +
        `traceparent: 00-${TRACE}-${SPAN}-01\r\ntracestate: foo=1\r\n`,
    )
  })

  it('print a 64-bit trace id as it came in B3 and padded in traceparent', () => {
    const short = TRACE.slice(16)
    expect(linesOf({ b3: `${short}-${SPAN}-0` })).toBe(
      `x-b3-traceid: ${short}\r\nx-b3-spanid: ${SPAN}\r\nx-b3-sampled: 0\r\n` +
        `traceparent: 00-0000000000000000${short}-${SPAN}-00\r\nb3: ${short}-${SPAN}-0\r\n`,
    )
  })

  it('are the decision alone where nothing else came', () => {
    expect(linesOf({ b3Sampled: '0' })).toBe('x-b3-sampled: 0\r\n')
    expect(linesOf({ b3: 'd' })).toBe('x-b3-flags: 1\r\nb3: d\r\n')
  })

  it.each([
    { ...B3, traceparent: `00-${TRACE}-${SPAN}-01`, tracestate: 'foo=1' },
    { b3: `${TRACE.slice(16)}-${SPAN}-d-${PARENT}` },
    { traceparent: `00-${TRACE}-${SPAN}-03` },
    { b3Sampled: '0' },
    { b3TraceId: TRACE },
  ])('are the same one by one: %j', headers => {
    const context = extract(headers)
    if (context === undefined) throw new Error('no context')
    let lines = ''
    eachTraceHeader(context, (name, value) => {
      lines += `${name}: ${value}\r\n`
    })
    expect(lines).toBe(traceHeaderLines(context))
  })
})
