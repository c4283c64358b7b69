import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createBoundedQueue } from './bounded-queue.ts'

describe('the bounded queue', () => {
  it('behaves like an array that refuses what is over its capacity', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), fc.array(fc.option(fc.integer())), (capacity, steps) => {
        const queue = createBoundedQueue<number>(capacity)
        const model: number[] = []
        for (const step of steps) {
          if (step === null) expect(queue.take()).toBe(model.shift())
          else {
            expect(queue.offer(step)).toBe(model.length < capacity ? 'taken' : 'full')
            if (model.length < capacity) model.push(step)
          }
          expect(queue.length).toBe(model.length)
        }
      }),
    )
  })

  it('keeps its order over many thousand items', () => {
    const queue = createBoundedQueue<number>(20_000)
    let next = 0
    for (let i = 0; i < 30_000; i++) {
      queue.offer(i)
      if (i % 3 !== 0) expect(queue.take()).toBe(next++)
    }
    while (queue.length > 0) expect(queue.take()).toBe(next++)
  })
})
