import { expect, it } from 'vitest'
import { goDuration } from './go-duration.ts'

it.each([
  [0, '0s'],
  [7, '7µs'],
  [1_000, '1ms'],
  [-1_500, '-1.5ms'],
  [35_000, '35ms'],
  [1_000_000, '1s'],
  [2_500_000, '2.5s'],
  [59_999_999, '59.999999s'],
  [60_000_000, '1m0s'],
  [3_603_500_000, '1h0m3.5s'],
  [-90_000_000, '-1m30s'],
])('prints %d µs as %s', (duration, text) => {
  expect(goDuration(duration)).toBe(text)
})
