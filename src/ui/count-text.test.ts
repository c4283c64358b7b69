import { expect, it } from 'vitest'
import { formatCount, formatWhole } from './count-text.ts'

it.each([
  [0, '0'],
  [999, '999'],
  [1000, '1,000'],
  [9050, '9,050'],
  [12_345, '12.3k'],
  [999_499, '999k'],
  [999_500, '1M'],
  [4_560_000, '4.56M'],
  [12_000_000_000, '12G'],
])('a count of %d reads %s', (count, text) => {
  expect(formatCount(count)).toBe(text)
})

it.each([
  [0, '0'],
  [999, '999'],
  [1000, '1,000'],
  [100_000, '100,000'],
  [1_234_567, '1,234,567'],
])('a count of %d is %s in full', (count, text) => {
  expect(formatWhole(count)).toBe(text)
})
