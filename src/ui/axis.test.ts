import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lengthTicks, timeTicks } from './axis.ts'

const SECOND = 1_000_000
const DAY = 86_400 * SECOND

describe('the marks of an axis', () => {
  it.each([
    [100, 5, [0, 20, 40, 60, 80, 100]],
    [101, 5, [0, 50, 100, 150]],
    [4210, 4, [0, 2000, 4000, 6000]],
    [0, 4, [0, 1]],
    [754 * SECOND, 3, [0, 300 * SECOND, 600 * SECOND, 900 * SECOND]],
    [200 * DAY, 4, [0, 50 * DAY, 100 * DAY, 150 * DAY, 200 * DAY]],
  ])('of lengths up to %d are round', (max, count, ticks) => {
    expect(lengthTicks(max, count)).toEqual(ticks)
  })

  it('reach over the longest, and are few', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e12 }), fc.integer({ min: 2, max: 8 }), (max, count) => {
        const ticks = lengthTicks(max, count)
        expect(ticks.at(-1)).toBeGreaterThanOrEqual(max * (1 - 1e-9))
        expect(ticks.length).toBeLessThanOrEqual(count + 1)
      }),
    )
  })

  it('of times are whole on the clock of the reader', () => {
    const from = Date.UTC(2026, 0, 2, 3, 4, 5) * 1000
    const hour = 3_600_000_000
    const utc = timeTicks({ from, to: from + hour, count: 5, zoneMicros: 0 })
    expect(utc.map(at => new Date(at / 1000).toISOString().slice(11, 16))).toEqual([
      '03:15',
      '03:30',
      '03:45',
      '04:00',
    ])
    const kolkata = timeTicks({ from, to: from + 48 * hour, count: 4, zoneMicros: 5.5 * hour })
    expect(kolkata.map(at => new Date(at / 1000).toISOString().slice(11, 16))).toEqual([
      '06:30',
      '18:30',
      '06:30',
      '18:30',
    ])
  })
})
