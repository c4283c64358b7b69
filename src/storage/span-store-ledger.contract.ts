import fc from 'fast-check'
import { expect } from 'vitest'
import type { SpanStore } from './span-store.ts'
import {
  batchOf,
  type ContractTest,
  find,
  NOW,
  spanId,
  spanIds,
  traceId,
  write,
  zipkinSpan,
} from './span-store-fixture.contract.ts'

const SMALL = { maxBytes: 64 * 1024 }

/** What went in is still there, or was counted out. */
export function ledgerContract(test: ContractTest): void {
  test(
    'has an even ledger after whatever happens',
    async store => {
      const event = fc.oneof(
        fc.record({ trace: fc.integer({ min: 1, max: 30 }), spans: fc.integer({ min: 0, max: 40 }) }),
        fc.constant('malformed' as const),
        fc.constant('repeated' as const),
      )
      await fc.assert(
        fc.asyncProperty(fc.array(event, { maxLength: 20 }), async events => {
          for (const happened of events) {
            if (happened === 'malformed') await store.append(batchOf('[{}]'))
            else if (happened === 'repeated')
              await store.append(batchOf([zipkinSpan({})], { id: 'a', sequence: 1 }))
            else await write(store, spansOf(happened.trace, happened.spans))
            await expectEven(store)
          }
        }),
        { numRuns: 30 },
      )
    },
    SMALL,
  )

  test(
    'stays within its bound, and takes out what was received first',
    async store => {
      const count = 400
      for (let trace = 1; trace <= count; trace++) {
        // Starts go backwards: the order of receipt counts, not what senders say of time.
        await write(store, [
          zipkinSpan({ trace, id: trace, start: NOW - trace, tags: { padding: padding(trace) } }),
        ])
        await expectEven(store)
      }
      const { evicted, present, traces } = store.status()
      expect(evicted).toBeGreaterThan(0)
      expect(present).toBeGreaterThan(0)
      expect(traces).toBe(present)
      const left = (await find(store, {})).traces.map(trace => trace.traceId)
      expect(left).toEqual(Array.from({ length: present }, (_, i) => traceId(count - present + 1 + i)))
      expect(await store.getTrace(traceId(1))).toBeUndefined()
    },
    SMALL,
  )

  test(
    'forgets services, operations and calls with their last span',
    async store => {
      await write(store, [
        zipkinSpan({ trace: 1, id: 1, service: 'first', name: 'old' }),
        zipkinSpan({ trace: 1, id: 2, parent: 1, service: 'second' }),
      ])
      await flood(store)
      expect(await store.services()).toEqual(['shop'])
      expect(await store.operations('first')).toEqual([])
      expect((await find(store, { service: 'first' })).traces).toEqual([])
    },
    SMALL,
  )

  test(
    'keeps a span that comes after its trace went out',
    async store => {
      await write(store, [zipkinSpan({ trace: 1, id: 1 })])
      await flood(store)
      expect(await store.getTrace(traceId(1))).toBeUndefined()
      await write(store, [zipkinSpan({ trace: 1, id: 2 })])
      expect(spanIds(await store.getTrace(traceId(1)))).toEqual([spanId(2)])
    },
    SMALL,
  )

  test(
    'stays within its bound when one trace is larger than that',
    async store => {
      await write(store, spansOf(1, 2000))
      await expectEven(store)
      await write(store, spansOf(2, 1))
      expect(spanIds(await store.getTrace(traceId(2)))).toEqual([spanId(1)])
      await expectEven(store)
    },
    SMALL,
  )

  test('evicts nothing that fits', async store => {
    for (let trace = 1; trace <= 50; trace++) await write(store, spansOf(trace, 10))
    expect(store.status()).toMatchObject({ written: 500, present: 500, evicted: 0, expired: 0, traces: 50 })
  })
}

async function expectEven(store: SpanStore): Promise<void> {
  const { written, present, evicted, expired, bytes, maxBytes } = store.status()
  expect(written).toBe(present + evicted + expired)
  expect(bytes).toBeLessThanOrEqual(maxBytes)
  const { traces } = await find(store, { limit: 10_000 })
  expect(traces.reduce((sum, trace) => sum + trace.spans.length, 0)).toBe(present)
  expect(traces.length).toBe(store.status().traces)
}

/** Writes until what was there before is gone. */
async function flood(store: SpanStore): Promise<void> {
  const before = store.status()
  for (let trace = 1000; store.status().evicted < before.evicted + before.present; trace++) {
    if (trace > 20_000) throw new Error('The store evicts nothing.')
    await write(store, [zipkinSpan({ trace, id: trace, tags: { padding: padding(trace) } })])
  }
}

const spansOf = (trace: number, count: number) =>
  Array.from({ length: count }, (_, i) =>
    zipkinSpan({ trace, id: i + 1, start: NOW + i, tags: { padding: padding(i) } }),
  )

/** Different each time, or an engine may keep it once. */
const padding = (number: number): string => `${number} ${'x'.repeat(200)}`
