import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseTraceId, type TraceId } from '../../model/ids.ts'
import { createIdSource } from '../../runtime/random-ids.ts'
import { isSampled, traceNumber } from './sampling.ts'

const id = (text: string): TraceId => parseTraceId(text) as TraceId

const anyId = fc.stringMatching(/^[0-9a-f]{16}([0-9a-f]{16})?$/).filter(text => /[1-9a-f]/.test(text))

describe('sampling', () => {
  it('takes all at 1, none at 0', () => {
    fc.assert(
      fc.property(anyId, text => {
        expect(isSampled(traceNumber(id(text)), 1)).toBe(true)
        expect(isSampled(traceNumber(id(text)), 0)).toBe(false)
      }),
    )
    for (const extreme of ['f'.repeat(32), '1', `1${'0'.repeat(31)}`]) {
      expect(isSampled(traceNumber(id(extreme)), 1)).toBe(true)
      expect(isSampled(traceNumber(id(extreme)), 0)).toBe(false)
    }
  })

  it('takes with a larger fraction what a smaller one took', () => {
    const fraction = fc.double({ min: 0, max: 1, noNaN: true })
    fc.assert(
      fc.property(anyId, fraction, fraction, (text, one, two) => {
        const number = traceNumber(id(text))
        const [small, large] = one < two ? [one, two] : [two, one]
        if (isSampled(number, small)) expect(isSampled(number, large)).toBe(true)
      }),
    )
  })

  it('decides by the lower half alone, so that 64-bit and 128-bit halves of a trace agree', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[0-9a-f]{16}$/),
        fc.stringMatching(/^[1-9a-f][0-9a-f]{15}$/),
        (high, low) => {
          expect(traceNumber(id(high + low))).toBe(traceNumber(id(low)))
        },
      ),
    )
  })

  it.each([0.001, 0.1, 0.5, 0.9])('takes about %d of random ids, short and long', fraction => {
    const ids = createIdSource(new Uint32Array([1, 2, 3, 4]))
    const count = 50_000
    for (const make of [() => ids.traceId(), () => id(ids.spanId())]) {
      let taken = 0
      for (let at = 0; at < count; at++) if (isSampled(traceNumber(make()), fraction)) taken++
      const deviation = Math.sqrt(count * fraction * (1 - fraction))
      expect(Math.abs(taken - count * fraction)).toBeLessThan(5 * deviation)
    }
  })
})
