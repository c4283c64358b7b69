import { afterEach, describe, expect, it, vi } from 'vitest'
import { createDeadlines, NO_DEADLINE, type Timed } from './deadlines.ts'

afterEach(() => {
  vi.useRealTimers()
})

function timedOf(deadline: number): Timed & { readonly calls: number } {
  const timed = {
    deadline,
    calls: 0,
    onDeadline() {
      timed.calls++
      timed.deadline = NO_DEADLINE
    },
  }
  return timed
}

describe('deadlines', () => {
  it('are met within two ticks, follow every move, and leave no timer when nothing is waited for', () => {
    vi.useFakeTimers()
    const deadlines = createDeadlines({ monotonicMillis: () => performance.now(), tickMillis: 10 })
    const moved = timedOf(deadlines.after(100))
    const met = timedOf(deadlines.after(50))
    deadlines.add(moved)
    deadlines.add(met)
    vi.advanceTimersByTime(49)
    expect(met.calls).toBe(0)
    moved.deadline = deadlines.after(200)
    vi.advanceTimersByTime(21)
    expect(met.calls).toBe(1)
    vi.advanceTimersByTime(150)
    expect(moved.calls).toBe(0)
    vi.advanceTimersByTime(60)
    expect(moved.calls).toBe(1)
    deadlines.remove(moved)
    deadlines.remove(met)
    expect(vi.getTimerCount()).toBe(0)
  })
})
