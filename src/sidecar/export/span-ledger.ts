import { DROP_REASONS, type DropReason } from '../../model/drop-reason.ts'
import type { Counter, Metrics } from '../../runtime/metrics.ts'

/** The books of a sidecar's spans. At every moment: recorded = acknowledged + queued + the sum of dropped. */
export interface SpanLedger {
  readonly recorded: number
  readonly acknowledged: number
  /** Waiting to be sent, or sent and not answered. */
  readonly queued: number
  readonly dropped: Readonly<Record<DropReason, number>>
  record(): void
  acknowledge(spans: number): void
  drop(spans: number, reason: DropReason): void
}

export function createSpanLedger(metrics: Metrics): SpanLedger {
  const recorded = metrics.counter('kiseki_sidecar_spans_recorded_total', 'Spans recorded.')
  const acknowledged = metrics.counter(
    'kiseki_sidecar_spans_acknowledged_total',
    'Spans that the collector answered 2xx for.',
  )
  const dropped = countersOf(metrics)
  let queued = 0
  metrics.gauge('kiseki_sidecar_spans_queued', 'Spans waiting for the answer of the collector.', () => queued)

  return {
    get recorded() {
      return recorded.value
    },
    get acknowledged() {
      return acknowledged.value
    },
    get queued() {
      return queued
    },
    get dropped() {
      return amountsOf(dropped)
    },
    record() {
      recorded.add()
      queued++
    },
    acknowledge(spans) {
      queued -= spans
      acknowledged.add(spans)
    },
    drop(spans, reason) {
      queued -= spans
      dropped[reason].add(spans)
    },
  }
}

function countersOf(metrics: Metrics): Readonly<Record<DropReason, Counter>> {
  const counter = (reason: DropReason): Counter =>
    metrics.counter('kiseki_sidecar_spans_dropped_total', 'Spans given up, by reason.', { reason })
  return {
    'queue-full': counter('queue-full'),
    refused: counter('refused'),
    unreachable: counter('unreachable'),
    unavailable: counter('unavailable'),
    repointed: counter('repointed'),
    disabled: counter('disabled'),
    stopped: counter('stopped'),
  }
}

function amountsOf(counters: Readonly<Record<DropReason, Counter>>): Readonly<Record<DropReason, number>> {
  const amounts: Record<DropReason, number> = {
    'queue-full': 0,
    refused: 0,
    unreachable: 0,
    unavailable: 0,
    repointed: 0,
    disabled: 0,
    stopped: 0,
  }
  for (const reason of DROP_REASONS) amounts[reason] = counters[reason].value
  return amounts
}
