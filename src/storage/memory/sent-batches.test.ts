import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SentBatches } from './sent-batches.ts'

describe('the batches that were sent', () => {
  it('knows a sequence exactly as long as it is among the last 1024 of its sender', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 5000 }), { maxLength: 100 }), sequences => {
        const sent = new SentBatches(10)
        const added = new Set<number>()
        let newest = -1
        for (const sequence of sequences) {
          const remembered = added.has(sequence) && sequence > newest - 1024
          expect(sent.has({ id: 'a', sequence })).toBe(remembered)
          sent.add({ id: 'a', sequence })
          if (sequence > newest - 1024) added.add(sequence)
          newest = Math.max(newest, sequence)
        }
      }),
    )
  })

  it('tells senders apart, and forgets the one that was silent longest', () => {
    const sent = new SentBatches(2)
    sent.add({ id: 'a', sequence: 1 })
    expect(sent.has({ id: 'b', sequence: 1 })).toBe(false)
    sent.add({ id: 'b', sequence: 1 })
    sent.add({ id: 'a', sequence: 2 })
    sent.add({ id: 'c', sequence: 1 })
    expect(sent.has({ id: 'a', sequence: 1 })).toBe(true)
    expect(sent.has({ id: 'b', sequence: 1 })).toBe(false)
    expect(sent.has({ id: 'c', sequence: 1 })).toBe(true)
  })
})
