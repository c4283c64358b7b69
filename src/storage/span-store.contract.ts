import { describe, expect, it } from 'vitest'
import type { ContractTest, OpenStore } from './span-store-fixture.contract.ts'
import { ledgerContract } from './span-store-ledger.contract.ts'
import { otlpContract } from './span-store-otlp.contract.ts'
import { readingContract } from './span-store-reading.contract.ts'
import { searchingContract } from './span-store-searching.contract.ts'
import { writingContract } from './span-store-writing.contract.ts'

export interface ContractSkip {
  /** The whole name of a test. */
  readonly test: string
  /** Why the engine cannot, for whoever reads the report. */
  readonly reason: string
}

const PARTS = [writingContract, otlpContract, searchingContract, readingContract, ledgerContract] as const

/**
 * The contract of `span-store.ts`, to be run by every engine: `open` gives an empty store. The tests are the
 * suite's, so an engine can only be excused by name and reason.
 */
export function describeSpanStore(
  name: string,
  open: OpenStore,
  options: { readonly skip?: readonly ContractSkip[] } = {},
): void {
  describe(`the span store contract, on ${name}`, () => {
    const excused = new Map((options.skip ?? []).map(skip => [skip.test, skip.reason]))
    const test: ContractTest = (title, body, storeOptions = {}) => {
      const reason = excused.get(title)
      excused.delete(title)
      if (reason !== undefined) {
        it.skip(`${title} (skipped: ${reason})`, () => undefined)
        return
      }
      it(title, async () => {
        const store = await open(storeOptions)
        try {
          await body(store)
        } finally {
          await store[Symbol.asyncDispose]()
        }
      })
    }
    for (const part of PARTS) part(test)
    it('excuses only tests that exist', () => {
      expect([...excused.keys()]).toEqual([])
    })
  })
}
