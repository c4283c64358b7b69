import { describe, expect, it } from 'vitest'
import type { Micros } from '../../model/micros.ts'
import { createClock } from '../../runtime/clock.ts'
import { describeSpanStore } from '../span-store.contract.ts'
import {
  batchOf,
  EVER,
  find,
  NOW,
  spanIds,
  traceId,
  write,
  zipkinSpan,
} from '../span-store-fixture.contract.ts'
import { createMemorySpanStore } from './memory-span-store.ts'

const clock = createClock()

describeSpanStore('the memory engine', async ({ maxBytes = 64 * 1024 * 1024 }) =>
  createMemorySpanStore({ maxBytes, maxTraces: 0, clock }),
)

describe('the memory engine', () => {
  it('keeps no more traces than it is told', async () => {
    const store = createMemorySpanStore({ maxBytes: 1 << 30, maxTraces: 3, clock })
    for (let trace = 1; trace <= 5; trace++)
      await write(store, [zipkinSpan({ trace }), zipkinSpan({ trace })])
    expect(store.status()).toMatchObject({ written: 10, present: 6, evicted: 4, traces: 3 })
    expect((await find(store, {})).traces.map(trace => trace.traceId)).toEqual([3, 4, 5].map(traceId))
  })

  it('goes on searching where it was after it gave way to spans that arrive', async () => {
    // A clock on which every look takes 10 ms: the search gives way at every occasion.
    let now = 0
    const monotonic = () => {
      now += 10_000
      return now as Micros
    }
    const store = createMemorySpanStore({ maxBytes: 1 << 30, maxTraces: 0, clock: { ...clock, monotonic } })
    const traces = Array.from({ length: 1000 }, (_, i) => i + 1)
    await write(
      store,
      traces.map(trace => zipkinSpan({ trace, id: trace, start: NOW + trace })),
    )
    const searching = find(store, { limit: 2000 })
    const linking = store.dependencies(EVER)
    await write(store, [
      zipkinSpan({ trace: 5000, start: NOW + 5000 }),
      zipkinSpan({ trace: 500, start: NOW }),
    ])
    const found = (await searching).traces
    expect(found.map(trace => trace.traceId)).toEqual(traces.map(traceId).reverse())
    expect(await linking).toEqual([])
  })

  it('counts what it keeps of services and names of spans, as long as it keeps it', async () => {
    const measure = async (of: (at: number) => object): Promise<number> => {
      const store = createMemorySpanStore({ maxBytes: 1 << 30, maxTraces: 1, clock })
      const spans = Array.from({ length: 1000 }, (_, at) => zipkinSpan({ trace: 1, id: at + 1, ...of(at) }))
      await write(store, spans)
      const { bytes } = store.status()
      await write(store, [zipkinSpan({ trace: 2 })])
      const left = createMemorySpanStore({ maxBytes: 1 << 30, maxTraces: 1, clock })
      await write(left, [zipkinSpan({ trace: 2 })])
      expect(store.status().bytes).toBeLessThanOrEqual(left.status().bytes)
      return bytes / spans.length
    }
    const alike = await measure(() => ({}))
    expect(await measure(at => ({ service: `pod-${at}` }))).toBeGreaterThan(alike + 1000)
    expect(await measure(at => ({ name: `GET /${at}` }))).toBeGreaterThan(alike + 250)
  })

  it('says that it ends with the process', () => {
    const store = createMemorySpanStore({ maxBytes: 1000, maxTraces: 0, clock })
    expect(store.status()).toMatchObject({ engine: 'memory', durable: false, maxBytes: 1000 })
  })

  it('reads bytes that are no UTF-8 as other servers do', async () => {
    const store = createMemorySpanStore({ maxBytes: 1 << 30, maxTraces: 0, clock })
    const batch = batchOf([zipkinSpan({ name: 'a?b' })])
    const bytes = batch.bytes.map(byte => (byte === 0x3f ? 0xff : byte))
    expect(await store.append({ ...batch, bytes })).toMatchObject({ status: 'accepted', spans: 1 })
    const trace = await store.getTrace(traceId(1))
    expect(trace?.spans[0]?.name).toBe('a\ufffdb')
    expect(spanIds(trace)).toHaveLength(1)
  })
})
