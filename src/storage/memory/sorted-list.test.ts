import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SortedList } from './sorted-list.ts'

const ascending = (left: number, right: number): number => left - right

describe('the sorted list', () => {
  it('behaves like a set that is sorted', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 0, max: 60 })), { maxLength: 200 }),
        fc.integer({ min: 0, max: 60 }),
        fc.integer({ min: 1, max: 70 }),
        (steps, limit, count) => {
          const list = new SortedList(ascending)
          const model = new Set<number>()
          for (const [adding, item] of steps) {
            if (!adding) expect(list.delete(item)).toBe(model.delete(item))
            else if (!model.has(item)) {
              model.add(item)
              list.add(item)
            }
          }
          const expected = [...model].sort((left, right) => right - left)
          expect(list.length).toBe(model.size)
          expect(list.descend(count)).toEqual(expected.slice(0, count))
          expect(list.descend(count, limit)).toEqual(expected.filter(item => item < limit).slice(0, count))
        },
      ),
    )
  })

  it('stays in order over many chunks, however the items come', () => {
    const list = new SortedList(ascending)
    const size = 5000
    // 7 and 5000 have no common factor: every number comes once.
    for (let i = 0; i < size; i++) list.add((i * 7) % size)
    const all = list.descend(size + 1)
    expect(all).toEqual(Array.from({ length: size }, (_, i) => size - 1 - i))
    for (const item of all) if (item % 3 !== 0) expect(list.delete(item)).toBe(true)
    expect(list.descend(4, 3001)).toEqual([3000, 2997, 2994, 2991])
    for (let item = 0; item < size; item += 3) expect(list.delete(item)).toBe(true)
    expect(list.length).toBe(0)
    expect(list.descend(1)).toEqual([])
  })
})
