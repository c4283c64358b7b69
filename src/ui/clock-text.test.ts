import { describe, expect, it } from 'vitest'
import { agoText, axisText, clockText, dateClockText, inputTime, parseInputTime } from './clock-text.ts'

const at = new Date(2026, 0, 2, 3, 4, 5, 67).getTime() * 1000
const MINUTE = 60_000_000

describe('a time', () => {
  it('is shown on the clock of the reader', () => {
    expect(clockText(at)).toBe('03:04:05.067')
    expect(dateClockText(at)).toBe('2026-01-02 03:04:05.067')
  })

  it('is as precise on an axis as the range asks, and has its date on a long one', () => {
    expect(axisText(at, 5 * MINUTE)).toBe('03:04:05')
    expect(axisText(at, 60 * MINUTE)).toBe('03:04')
    expect(axisText(at, 3000 * MINUTE)).toBe('01-02 03:04')
  })

  it('says how long ago it was', () => {
    const ages = [0, 42, 300, 7200, 200_000].map(seconds => agoText(at, at + seconds * 1_000_000))
    expect(ages).toEqual(['just now', '42 s ago', '5 min ago', '2 h ago', '2 d ago'])
  })

  it('goes through an input field', () => {
    expect(inputTime(at)).toBe('2026-01-02T03:04:05')
    expect(parseInputTime('2026-01-02T03:04:05')).toBe(at - 67_000)
    expect(parseInputTime('')).toBeUndefined()
    expect(parseInputTime('soon')).toBeUndefined()
  })
})
