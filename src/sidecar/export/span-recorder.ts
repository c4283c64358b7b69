import type { TracingConfig } from '../../model/sidecar-config.ts'
import type { Logger } from '../../runtime/logger.ts'
import { Exporter } from './exporter.ts'
import { createSpanBatcher, LARGEST_BATCH_BYTES } from './span-batch.ts'
import type { DropReason, SpanLedger } from './span-ledger.ts'

/** The longest that a recorded span waits for others. */
const SEAL_AFTER_MILLIS = 1000
/** Of recorded spans that were not answered for. At 700 bytes a span these are about 12,000. */
const MOST_QUEUED_BYTES = 8 * 1024 * 1024
/** What waits when tracing ends or leads elsewhere may still be delivered to where it was meant for. */
const OLD_EXPORTER_MILLIS = 5000

export interface SpanRecorderOptions {
  readonly ledger: SpanLedger
  readonly sender: string
  readonly logger: Logger
  readonly monotonicMillis: () => number
  readonly random: () => number
  readonly largestBatchBytes?: number
  readonly mostQueuedBytes?: number
  readonly sealAfterMillis?: number
  readonly oldExporterMillis?: number
  readonly retryForMillis?: number
}

/** Takes the spans of a sidecar and sends them to where its configuration says. */
export interface SpanRecorder {
  /** One span as JSON. Never waits. */
  record(span: string): void
  /** Undefined: tracing is off. What was sealed before still goes to where it was meant for. */
  repoint(tracing: TracingConfig | undefined): void
  /** Seals and sends what there is; drops what is not answered for in time. */
  close(graceMillis: number): Promise<void>
  /** How the last batch went, for people. */
  readonly lastResult: string
}

export function createSpanRecorder(options: SpanRecorderOptions): SpanRecorder {
  const { ledger } = options
  const mostQueued = options.mostQueuedBytes ?? MOST_QUEUED_BYTES
  const batcher = createSpanBatcher({
    monotonicMillis: options.monotonicMillis,
    largestBytes: options.largestBatchBytes ?? LARGEST_BATCH_BYTES,
  })
  const leaving = new Set<Promise<void>>()
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
    if (exporter === undefined) return
    const left = exporter.close(graceMillis, reason).finally(() => leaving.delete(left))
    leaving.add(left)
    exporter = undefined
  }

  return {
    get lastResult() {
      return exporter?.lastResult ?? 'tracing is off'
    },
    record(span) {
      ledger.record()
      if (exporter === undefined) return ledger.drop(1, 'disabled')
      const bytes = Buffer.byteLength(span)
      if (exporter.queuedBytes + batcher.bytes + bytes > mostQueued) return ledger.drop(1, 'queue-full')
      if (!batcher.fits(bytes)) seal()
      batcher.add(span, bytes)
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
      if (tracing !== undefined) exporter = new Exporter({ ...options, tracing })
    },
    async close(graceMillis) {
      leave(graceMillis, 'stopped')
      await Promise.all(leaving)
    },
  }
}
