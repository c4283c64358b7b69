import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decimal, decimalTime } from './decimal.ts'

describe('decimal numbers', () => {
  it('are those of the language', () => {
    for (const edge of [0, 9, 10, 999, 1000, 1001, 999_999, 1_000_000, 2 ** 40])
      expect(decimal(edge)).toBe(String(edge))
    fc.assert(fc.property(fc.nat(2_000_000), value => decimal(value) === String(value)))
  })

  it('also as times, whatever second was before', () => {
    for (const edge of [1_000_000, 1_700_000_000_000_001, 1_700_000_000_999_999])
      expect(decimalTime(edge)).toBe(String(edge))
    const time = fc.integer({ min: 1_000_000, max: 2 ** 52 })
    fc.assert(fc.property(time, value => decimalTime(value) === String(value)))
  })
})
