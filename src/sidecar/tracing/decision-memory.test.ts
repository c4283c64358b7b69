import { describe, expect, it } from 'vitest'
import { createDecisionMemory } from './decision-memory.ts'

describe('the memory of decisions', () => {
  it('keeps a decision for a minute at least, and for two at most', () => {
    let now = 0
    const memory = createDecisionMemory({ monotonicMicros: () => now * 1e6 })
    memory.remember(1, 'unsampled')
    now = 59
    memory.remember(2, 'debug')
    expect(memory.recall(1)).toBe('unsampled')
    now = 61
    expect(memory.recall(1)).toBe('unsampled')
    memory.remember(3, 'sampled')
    now = 118
    expect(memory.recall(2)).toBe('debug')
    now = 122
    expect(memory.recall(1)).toBeUndefined()
    expect(memory.recall(3)).toBe('sampled')
    now = 500
    expect(memory.recall(3)).toBeUndefined()
    expect(memory.size).toBe(0)
  })

  it('is bounded: under a flood the oldest are forgotten', () => {
    const memory = createDecisionMemory({ monotonicMicros: () => 0, mostPerGeneration: 100 })
    for (let trace = 0; trace < 10_000; trace++) {
      memory.remember(trace, 'sampled')
      expect(memory.size).toBeLessThanOrEqual(200)
    }
    expect(memory.recall(9_999)).toBe('sampled')
    expect(memory.recall(9_900)).toBe('sampled')
    expect(memory.recall(1)).toBeUndefined()
  })
})
