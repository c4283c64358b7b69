import type { Counter, Metrics } from '../runtime/metrics.ts'
import type { AppendOutcome } from '../storage/span-store.ts'

/** Why a batch was refused. Nothing of it was kept, and its sender was told. */
export type Refusal =
  | 'overloaded'
  | 'too-large'
  | 'malformed'
  | 'unsupported-format'
  | 'undecodable'
  | 'aborted'
  | 'store-failed'

/** In spans: accepted = written + Σ dropped{reason}. Batches that were refused or repeated are apart from it. */
export interface CollectorStatus {
  readonly accepted: number
  readonly written: number
  readonly dropped: Readonly<Record<string, number>>
  readonly batches: {
    readonly accepted: number
    readonly repeated: number
    readonly refused: Readonly<Record<string, number>>
  }
}

/** How spans came in. */
export interface Door {
  readonly format: 'zipkin' | 'otlp'
  readonly transport: 'http' | 'grpc'
}

export interface CollectorLedger {
  accept(outcome: AppendOutcome & { readonly status: 'accepted' }, door: Door): void
  refuse(reason: Refusal): void
  status(): CollectorStatus
}

const DOORS: readonly Door[] = [
  { format: 'zipkin', transport: 'http' },
  { format: 'otlp', transport: 'http' },
  { format: 'otlp', transport: 'grpc' },
]

/** Counts under our names, and under those by which Jaeger's dashboards ask. */
export function createCollectorLedger(metrics: Metrics): CollectorLedger {
  const accepted = metrics.counter('kiseki_collector_spans_accepted_total', 'Spans of accepted batches.')
  const written = metrics.counter(
    'kiseki_collector_spans_written_total',
    'Spans given to the store and kept.',
  )
  const batches = metrics.counter('kiseki_collector_batches_accepted_total', 'Batches that were accepted.')
  const repeated = metrics.counter(
    'kiseki_collector_batches_repeated_total',
    'Accepted batches that had been written before.',
  )
  const dropped = countersByReason(
    metrics,
    'kiseki_collector_spans_dropped_total',
    'Spans of accepted batches that could not be kept.',
  )
  const refused = countersByReason(
    metrics,
    'kiseki_collector_batches_refused_total',
    'Batches of which nothing was kept.',
  )
  const jaegers = (what: string, { format, transport }: Door): Counter =>
    metrics.counter(`jaeger_collector_spans_${what}_total`, what, { format, transport })
  for (const what of ['received', 'rejected', 'dropped']) for (const door of DOORS) jaegers(what, door)

  return {
    accept(outcome, door) {
      let lost = 0
      for (const [reason, spans] of outcome.discarded) {
        dropped.of(reason).add(spans)
        lost += spans
      }
      accepted.add(outcome.spans + lost)
      written.add(outcome.spans)
      jaegers('received', door).add(outcome.spans + lost)
      jaegers('rejected', door).add(lost)
      batches.add()
      if (outcome.repeated) repeated.add()
    },
    refuse: reason => refused.of(reason).add(),
    status: () => ({
      accepted: accepted.value,
      written: written.value,
      dropped: dropped.values(),
      batches: { accepted: batches.value, repeated: repeated.value, refused: refused.values() },
    }),
  }
}

interface ReasonCounters {
  of(reason: string): Counter
  values(): Readonly<Record<string, number>>
}

function countersByReason(metrics: Metrics, name: string, help: string): ReasonCounters {
  const counters = new Map<string, Counter>()
  return {
    of(reason) {
      const known = counters.get(reason)
      if (known !== undefined) return known
      const counter = metrics.counter(name, help, { reason })
      counters.set(reason, counter)
      return counter
    },
    values: () => Object.fromEntries([...counters].map(([reason, counter]) => [reason, counter.value])),
  }
}
