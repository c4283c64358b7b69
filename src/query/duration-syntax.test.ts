import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { micros } from '../model/micros.ts'
import { goDuration } from '../trace/adjust/go-duration.ts'
import { parseDuration } from './duration-syntax.ts'

const microsOf = (text: string): number | string => {
  const parsed = parseDuration(text)
  return parsed.status === 'read' ? parsed.micros : parsed.message
}

describe('durations as Go writes them', () => {
  it.each([
    ['1.2s', 1_200_000],
    ['100ms', 100_000],
    ['500us', 500],
    ['500\u00b5s', 500],
    ['500\u03bcs', 500],
    ['5000ns', 5],
    ['1h2m', 3_720_000_000],
    ['-1.5ms', -1500],
    ['+.5s', 500_000],
    ['1.s', 1_000_000],
    ['0', 0],
    ['1ns', 0.001],
    ['2562047h47m16.854775807s', 2 ** 63 / 1000],
  ])('reads %s', (text, expected) => {
    expect(microsOf(text)).toBe(expected)
  })

  it.each([
    ['', 'time: invalid duration ""'],
    ['x', 'time: invalid duration "x"'],
    ['10', 'time: missing unit in duration "10"'],
    ['1h5', 'time: missing unit in duration "1h5"'],
    ['10y', 'time: unknown unit "y" in duration "10y"'],
    ['.s', 'time: invalid duration ".s"'],
    ['-', 'time: invalid duration "-"'],
    ['1.2.3s', 'time: missing unit in duration "1.2.3s"'],
    ['9999999h', 'time: invalid duration "9999999h"'],
    ['1S', 'time: unknown unit "S" in duration "1S"'],
    ['1constructor', 'time: unknown unit "constructor" in duration "1constructor"'],
  ])('refuses %j in the words of Go', (text, message) => {
    expect(microsOf(text)).toBe(message)
  })

  it('reads what our own warnings print', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e13, max: 1e13 }), duration => {
        const parsed = parseDuration(goDuration(duration))
        expect(parsed.status === 'read' && micros(parsed.micros + 0.5)).toBe(duration)
      }),
    )
  })
})
