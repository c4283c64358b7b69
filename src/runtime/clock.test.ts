import { describe, expect, it } from 'vitest'
import { createClock } from './clock.ts'

function handMoved(offsetMillis: number) {
  const time = { monotonic: 0, offset: offsetMillis }
  const clock = createClock({
    wallMillis: () => Math.floor(time.monotonic + time.offset),
    monotonicMillis: () => time.monotonic,
  })
  return { clock, time }
}

describe('the clock', () => {
  it('gives microseconds although the wall clock has milliseconds, within a millisecond of the truth', () => {
    const { clock, time } = handMoved(1_000_000.25)
    for (let i = 0; i < 500; i++) {
      time.monotonic += 7.137
      const truth = (time.monotonic + time.offset) * 1000
      expect(Math.abs(clock.now() - truth)).toBeLessThanOrEqual(1000)
    }
  })

  it('draws nearer to the truth the longer it runs', () => {
    const { clock, time } = handMoved(1_000_000.9)
    for (let i = 0; i < 1000; i++) {
      time.monotonic += 10.037
      clock.now()
    }
    expect(Math.abs(clock.now() - (time.monotonic + time.offset) * 1000)).toBeLessThan(100)
  })

  it('follows a step of the system clock, forwards and backwards', () => {
    const { clock, time } = handMoved(1_000_000)
    clock.now()
    for (const step of [3_600_000, -7_200_000]) {
      time.offset += step
      time.monotonic += 1000
      expect(Math.abs(clock.now() - (time.monotonic + time.offset) * 1000)).toBeLessThanOrEqual(1000)
    }
  })

  it('never goes back between two readings while the system clock stands still', () => {
    const { clock, time } = handMoved(5000.5)
    let last = clock.now()
    for (let i = 0; i < 200; i++) {
      time.monotonic += 0.003
      const now = clock.now()
      expect(now).toBeGreaterThanOrEqual(last)
      last = now
    }
  })
})
