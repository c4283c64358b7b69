import { describe, expect, it } from 'vitest'
import { formatDelta, formatDuration, isDuration } from './duration.ts'

describe('a duration', () => {
  it.each([
    [0, '0µs'],
    [1, '1µs'],
    [870, '870µs'],
    [999, '999µs'],
    [1000, '1ms'],
    [1239, '1.24ms'],
    [32_149, '32.1ms'],
    [999_600, '1s'],
    [4_210_000, '4.21s'],
    [59_940_000, '59.9s'],
    [59_960_000, '1m'],
    [125_400_000, '2m 5s'],
    [3_600_000_000, '1h'],
    [11_520_000_000, '3h 12m'],
    [187_200_000_000, '2d 4h'],
    [-80, '−80µs'],
  ])('of %d µs reads %s', (micros, text) => {
    expect(formatDuration(micros)).toBe(text)
  })

  it('has a sign as a difference', () => {
    expect([-1200, 0, 1200].map(formatDelta)).toEqual(['−1.2ms', '±0', '+1.2ms'])
  })

  it('is typed as Go writes it', () => {
    expect(['1.2s', '100ms', '500us', '500µs', '1h2m', '.5s', '3ns'].every(isDuration)).toBe(true)
    expect(['', '1', 's', '1 s', '1.2.3s', '-1s', '1d'].some(isDuration)).toBe(false)
  })
})
