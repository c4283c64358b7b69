import { expect, it } from 'vitest'
import { Turns } from './turns.ts'

it('lets only so many work at a time, the others in the order in which they came', async () => {
  const turns = new Turns(2)
  const begun: number[] = []
  const ends: (() => void)[] = []
  const work = (at: number) => () => {
    begun.push(at)
    if (at === 1) return Promise.reject(new Error('failed'))
    return new Promise<void>(resolve => ends.push(resolve))
  }
  const all = [0, 1, 2, 3].map(at => turns.take(work(at)))
  await expect(all[1]).rejects.toThrow('failed')
  await expect.poll(() => begun).toEqual([0, 1, 2])
  ends[0]?.()
  await expect.poll(() => begun).toEqual([0, 1, 2, 3])
  for (const end of ends) end()
  await Promise.all([all[0], all[2], all[3]])
})
