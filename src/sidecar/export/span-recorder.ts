import type { DropReason } from '../../model/drop-reason.ts'
import type { TracingConfig } from '../../model/sidecar-config.ts'
import type { ExportAttempt } from '../../model/tracing-report.ts'
import type { Clock } from '../../runtime/clock.ts'
import type { Logger } from '../../runtime/logger.ts'
import { Exporter } from './exporter.ts'
import { createSpanBatcher, LARGEST_BATCH_BYTES } from './span-batch.ts'
import type { SpanLedger } from './span-ledger.ts'

/** The longest that a recorded span waits for others. */
const SEAL_AFTER_MILLIS = 1000
/** Of recorded spans that were not answered for. At 700 bytes a span these are about 12,000. */
const MOST_QUEUED_BYTES = 8 * 1024 * 1024
/** What waits when tracing ends or leads elsewhere may still be delivered to where it was meant for. */
const OLD_EXPORTER_MILLIS = 5000
/** Each may hold connections, and tracing may be led elsewhere often in that time. */
const MOST_OLD_EXPORTERS = 8

export interface SpanRecorderOptions {
  readonly ledger: SpanLedger
  readonly sender: string
  readonly logger: Logger
  readonly clock: Clock
  readonly random: () => number
  readonly largestBatchBytes?: number
  readonly mostQueuedBytes?: number
  readonly sealAfterMillis?: number
  readonly oldExporterMillis?: number
  readonly retryForMillis?: number
}

/** Takes the spans of a sidecar and sends them to where its configuration says. */
export interface SpanRecorder {
  /** One span as JSON, all of it ASCII. Never waits. */
  record(span: string): void
  /** Undefined: tracing is off. What was recorded before is sealed, and goes to where it was meant for. */
  repoint(tracing: TracingConfig | undefined): void
  /** Seals and sends what there is; drops what is not answered for in time. */
  close(graceMillis: number): Promise<void>
  /** How the collector in force took what was sent last; undefined where nothing was sent. */
  readonly lastAttempt: ExportAttempt | undefined
}

export function createSpanRecorder(options: SpanRecorderOptions): SpanRecorder {
  const { ledger } = options
  const mostQueued = options.mostQueuedBytes ?? MOST_QUEUED_BYTES
  const batcher = createSpanBatcher({
    monotonicMillis: () => options.clock.monotonic() / 1000,
    largestBytes: options.largestBatchBytes ?? LARGEST_BATCH_BYTES,
  })
  const queued = { bytes: 0 }
  /** Those that send what is left; the oldest first. */
  const leaving = new Map<Exporter, Promise<void>>()
  let exporter: Exporter | undefined
  let destination = ''
  let sealing: NodeJS.Timeout | undefined

  function seal(): void {
    clearTimeout(sealing)
    sealing = undefined
    const batch = batcher.seal()
    if (batch !== undefined) exporter?.send(batch)
  }

  function leave(graceMillis: number, reason: DropReason): void {
    seal()
    const old = exporter
    if (old === undefined) return
    exporter = undefined
    leaving.set(
      old,
      old.close(graceMillis, reason).finally(() => leaving.delete(old)),
    )
    const [eldest] = leaving.keys()
    if (leaving.size > MOST_OLD_EXPORTERS) eldest?.cut()
  }

  /** What is meant for where tracing led before gives way to what is meant for where it leads now. */
  function makeRoom(bytes: number): boolean {
    for (const old of leaving.keys()) {
      old.cut()
      if (fits(bytes)) return true
    }
    return false
  }

  const fits = (bytes: number): boolean => queued.bytes + batcher.bytes + bytes <= mostQueued

  return {
    get lastAttempt() {
      return exporter?.lastAttempt
    },
    record(span) {
      ledger.record()
      if (exporter === undefined) return ledger.drop(1, 'disabled')
      const bytes = span.length
      if (!fits(bytes) && !makeRoom(bytes)) return ledger.drop(1, 'queue-full')
      if (!batcher.fits(bytes)) seal()
      batcher.add(span)
      sealing ??= setTimeout(seal, options.sealAfterMillis ?? SEAL_AFTER_MILLIS)
    },
    repoint(tracing) {
      const next = tracing === undefined ? '' : `${tracing.address}:${tracing.port}${tracing.endpoint}`
      if (next === destination) {
        if (tracing !== undefined) exporter?.resolve(tracing.resolved)
        return
      }
      leave(
        options.oldExporterMillis ?? OLD_EXPORTER_MILLIS,
        tracing === undefined ? 'disabled' : 'repointed',
      )
      destination = next
      if (tracing !== undefined) exporter = new Exporter({ ...options, queued, tracing })
    },
    async close(graceMillis) {
      leave(graceMillis, 'stopped')
      // Those that were left before have no more time than this either.
      for (const old of leaving.keys()) void old.close(graceMillis, 'stopped')
      await Promise.all(leaving.values())
    },
  }
}
