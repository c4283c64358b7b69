import { describe, expect, it } from 'vitest'
import { parseTraceId, type TraceId } from '../../model/ids.ts'
import { createDecisionMemory, traceKey } from './decision-memory.ts'

const keyOf = (id: string): number => traceKey(parseTraceId(id) as TraceId)

describe('the key of a trace', () => {
  it('differs for ids that were counted up, and for those that differ in their middle', () => {
    const low = Array.from({ length: 20_000 }, (_, count) => keyOf((count + 1).toString(16)))
    const high = Array.from({ length: 4000 }, (_, count) => keyOf(`${(count + 1).toString(16)}0000000000000`))
    const middle = Array.from({ length: 4000 }, (_, count) => keyOf(`1${count.toString(16)}0000001`))
    expect(new Set(low).size).toBe(low.length)
    expect(new Set(high).size).toBe(high.length)
    expect(new Set(middle).size).toBe(middle.length)
    for (const key of [...low, ...high, keyOf('f'.repeat(32))]) expect(Number.isSafeInteger(key)).toBe(true)
  })

  it('is that of the lower half, which is all that old programs forward', () => {
    expect(keyOf('463ac35c9f6413ad48485a3953bb6124')).toBe(keyOf('48485a3953bb6124'))
  })
})

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
