/**
 * Holds the memory engine's estimate of bytes against the heap of this process, and says how fast it takes spans
 * without HTTP. `node --expose-gc bench/ingest/bytes.ts`
 */
import { micros } from '../../src/model/micros.ts'
import { createClock } from '../../src/runtime/clock.ts'
import { createMemorySpanStore } from '../../src/storage/memory/memory-span-store.ts'
import { SpanBodies } from './span-bodies.ts'

const SPANS = 200_000
const BATCH = 100
const collect: () => void = globalThis.gc ?? (() => undefined)
if (globalThis.gc === undefined) console.log('without --expose-gc the heap is only roughly right')

const clock = createClock()
const bodies = new SpanBodies({ seed: 1, start: Date.now() * 1000, stepMicros: 500 })
const texts: Uint8Array[] = []
for (let i = 0; i < SPANS / BATCH; i++) texts.push(Buffer.from(bodies.next(BATCH)))

const store = createMemorySpanStore({ maxBytes: 4 * 2 ** 30, maxTraces: 0, clock })
collect()
const heapBefore = process.memoryUsage().heapUsed
const cpuBefore = process.cpuUsage()
const started = clock.monotonic()
for (const bytes of texts) {
  await store.append({ format: 'zipkin-json-v2', bytes, receivedAt: micros(Date.now() * 1000) })
}
const wall = (clock.monotonic() - started) / 1e6
const cpu = process.cpuUsage(cpuBefore)
collect()
const heap = process.memoryUsage().heapUsed - heapBefore
const { bytes, traces } = store.status()
const per = (value: number): string => (value / SPANS).toFixed(0)
console.log(`${SPANS} spans in ${traces} traces: ${(SPANS / wall / 1000).toFixed(0)} k spans/s`)
console.log(`cpu ${((cpu.user + cpu.system) / SPANS).toFixed(2)} µs a span`)
console.log(
  `heap ${per(heap)} bytes a span, estimated ${per(bytes)}: ${(bytes / heap).toFixed(2)} of the truth`,
)
