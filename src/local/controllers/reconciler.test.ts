import { describe, expect, it, vi } from 'vitest'
import { KisekiError } from '../../model/errors.ts'
import { SILENT } from '../testing/silent-logger.ts'
import { createReconciler } from './reconciler.ts'

function reconcilerOf(reconcile: (key: string) => Promise<void>) {
  return createReconciler({
    name: 'test',
    reconcile,
    logger: SILENT,
    retry: { firstMillis: 1, mostMillis: 5 },
  })
}

describe('a reconciler', () => {
  it('looks once at what was asked for many times at once', async () => {
    const seen: string[] = []
    const reconciler = reconcilerOf(async key => void seen.push(key))
    for (const key of ['a', 'b', 'a', 'a', 'b']) reconciler.add(key)
    await vi.waitFor(() => expect(seen).toEqual(['a', 'b']))
    await reconciler.close()
    expect(seen).toEqual(['a', 'b'])
  })

  it('looks again at what was asked for while it looked', async () => {
    let looks = 0
    const reconciler = reconcilerOf(async () => {
      looks++
      if (looks === 1) reconciler.add('a')
    })
    reconciler.add('a')
    await vi.waitFor(() => expect(looks).toBe(2))
    await reconciler.close()
  })

  it('tries again after a failure, and at once after a conflict', async () => {
    const outcomes = [new Error('x'), new KisekiError('KISEKI_CONFLICT', 'x'), undefined]
    const reconciler = reconcilerOf(async () => {
      const outcome = outcomes.shift()
      if (outcome !== undefined) throw outcome
    })
    reconciler.add('a')
    await vi.waitFor(() => expect(outcomes).toEqual([]))
    await reconciler.close()
  })

  it('does nothing more when it is closed, and waits for what it does', async () => {
    const work = Promise.withResolvers<void>()
    const seen: string[] = []
    const reconciler = reconcilerOf(async key => {
      seen.push(key)
      await work.promise
    })
    reconciler.add('a')
    reconciler.add('b')
    await vi.waitFor(() => expect(seen).toEqual(['a']))
    const closed = reconciler.close()
    reconciler.add('c')
    work.resolve()
    await closed
    expect(seen).toEqual(['a'])
  })
})
