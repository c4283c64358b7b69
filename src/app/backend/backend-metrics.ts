import type { ByteBudget } from '../../collector/byte-budget.ts'
import type { Metrics } from '../../runtime/metrics.ts'
import type { SpanReader } from '../../storage/span-store.ts'

export interface BackendGauges {
  readonly metrics: Metrics
  readonly store: SpanReader
  readonly budget: ByteBudget
  readonly version: string
}

/** What is read when the metrics are printed, beside the counters of the collector. */
export function registerGauges({ metrics, store, budget, version }: BackendGauges): void {
  metrics.gauge('kiseki_build_info', 'Always 1.', () => [{ labels: { version }, value: 1 }])
  metrics.gauge('kiseki_store_spans', 'written = present + evicted + expired.', () => {
    const { written, present, evicted, expired } = store.status()
    return Object.entries({ written, present, evicted, expired }).map(([state, value]) => ({
      labels: { state },
      value,
    }))
  })
  metrics.gauge('kiseki_store_traces', 'Traces that are present.', () => store.status().traces)
  metrics.gauge(
    'kiseki_store_bytes',
    'What the present spans take, as estimated.',
    () => store.status().bytes,
  )
  metrics.gauge('kiseki_store_max_bytes', 'The bound of that.', () => store.status().maxBytes)
  metrics.gauge('kiseki_collector_in_flight_bytes', 'Of batches that are being received.', () => budget.used)
  metrics.gauge('kiseki_collector_max_in_flight_bytes', 'The bound of that.', () => budget.max)
  registerProcess(metrics)
}

function registerProcess(metrics: Metrics): void {
  metrics.gauge('process_resident_memory_bytes', 'Memory of the process.', () => process.memoryUsage.rss())
  metrics.gauge('nodejs_heap_size_used_bytes', 'Of the heap.', () => process.memoryUsage().heapUsed)
  metrics.gauge('process_cpu_seconds', 'User and system time.', () => {
    const { user, system } = process.cpuUsage()
    return (user + system) / 1e6
  })
  const started = (Date.now() - process.uptime() * 1000) / 1000
  metrics.gauge('process_start_time_seconds', 'Since the Unix epoch.', () => started)
}
