import { Agent } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { DropReason } from '../../model/drop-reason.ts'
import type { SocketAddress, TracingConfig } from '../../model/sidecar-config.ts'
import type { ExportAttempt } from '../../model/tracing-report.ts'
import type { Clock } from '../../runtime/clock.ts'
import type { Logger } from '../../runtime/logger.ts'
import { hostPort } from '../http/authority.ts'
import { type PostOutcome, postBatch } from './post-batch.ts'
import type { SpanBatch } from './span-batch.ts'
import type { SpanLedger } from './span-ledger.ts'

/** Batches that are under way at the same time. */
const LANES = 4
/** A batch that could not be delivered for so long is given up. */
const RETRY_FOR_MILLIS = 120_000
const FIRST_BACKOFF_MILLIS = 100
const LONGEST_BACKOFF_MILLIS = 2000

/** Of the sealed batches of all exporters of a sidecar, waiting or under way. */
export interface QueuedBytes {
  bytes: number
}

export interface ExporterOptions {
  readonly tracing: TracingConfig
  readonly sender: string
  readonly ledger: SpanLedger
  readonly queued: QueuedBytes
  readonly logger: Logger
  readonly clock: Clock
  readonly random: () => number
  readonly retryForMillis?: number
}

/** Sends batches to one collector. */
export class Exporter {
  lastAttempt: ExportAttempt | undefined
  private readonly options: ExporterOptions
  private readonly agent = new Agent({ keepAlive: true, maxSockets: LANES })
  private readonly over = new AbortController()
  private readonly waiting: SpanBatch[] = []
  private lanes = 0
  private resolved: readonly SocketAddress[]
  private chosen = 0
  private told = ''
  private closing: { readonly reason: DropReason; readonly closed: Promise<void> } | undefined
  private cutting: NodeJS.Timeout | undefined
  private cutAt = Number.POSITIVE_INFINITY
  private idle: () => void = () => undefined

  constructor(options: ExporterOptions) {
    this.options = options
    this.resolved = options.tracing.resolved
  }

  /** The collector has moved; its name is the same. */
  resolve(resolved: readonly SocketAddress[]): void {
    this.resolved = resolved
  }

  /** How much may wait is the caller's to bound. Not after `close`. */
  send(batch: SpanBatch): void {
    this.options.queued.bytes += batch.body.length
    this.waiting.push(batch)
    if (this.lanes < LANES) void this.runLane()
  }

  /**
   * Sends what waits for `graceMillis`, then drops the rest. No connection is left when it resolves. Who asks again
   * may shorten the time; the reason stays.
   */
  close(graceMillis: number, reason: DropReason): Promise<void> {
    this.closing ??= { reason, closed: this.drain() }
    const cutAt = this.options.clock.monotonic() + graceMillis * 1000
    if (this.lanes > 0 && cutAt < this.cutAt) {
      clearTimeout(this.cutting)
      this.cutAt = cutAt
      this.cutting = setTimeout(() => this.cut(), graceMillis)
    }
    return this.closing.closed
  }

  /** Drops now what is not delivered. Only after `close`. */
  cut(): void {
    const { closing } = this
    if (closing === undefined) return
    this.over.abort()
    for (const batch of this.waiting.splice(0)) this.settle(batch, closing.reason)
  }

  private async drain(): Promise<void> {
    if (this.lanes > 0) {
      await new Promise<void>(resolve => {
        this.idle = resolve
      })
    }
    clearTimeout(this.cutting)
    this.agent.destroy()
  }

  private async runLane(): Promise<void> {
    this.lanes++
    for (let batch = this.waiting.shift(); batch !== undefined; batch = this.waiting.shift()) {
      await this.deliver(batch)
    }
    this.lanes--
    if (this.lanes === 0) this.idle()
  }

  private async deliver(batch: SpanBatch): Promise<void> {
    let backoff = FIRST_BACKOFF_MILLIS
    for (;;) {
      const outcome = await this.post(batch)
      if (outcome.status === 'acknowledged') {
        this.note(outcome.status, '')
        return this.settle(batch, undefined)
      }
      if (this.over.signal.aborted) return this.settle(batch, this.closing?.reason ?? 'stopped')
      this.note(outcome.status, outcome.detail)
      if (outcome.status === 'refused' || this.expired(batch)) return this.settle(batch, outcome.status)
      const asked = outcome.status === 'unavailable' ? outcome.retryAfterMillis : 0
      await this.pause(Math.max(asked, backoff * (0.5 + this.options.random() / 2)))
      if (this.over.signal.aborted) return this.settle(batch, this.closing?.reason ?? 'stopped')
      backoff = Math.min(backoff * 2, LONGEST_BACKOFF_MILLIS)
    }
  }

  private post(batch: SpanBatch): Promise<PostOutcome> {
    const { tracing, sender } = this.options
    const named = { address: tracing.address, port: tracing.port }
    return postBatch({
      agent: this.agent,
      to: this.resolved[this.chosen % Math.max(1, this.resolved.length)] ?? named,
      path: tracing.endpoint,
      authority: hostPort(tracing.address, tracing.port),
      sender,
      batch,
      signal: this.over.signal,
    })
  }

  private expired(batch: SpanBatch): boolean {
    const most = this.options.retryForMillis ?? RETRY_FOR_MILLIS
    return this.options.clock.monotonic() / 1000 - batch.sealedAtMillis > most
  }

  private async pause(millis: number): Promise<void> {
    // Another of the collector's addresses may be better.
    this.chosen++
    await sleep(millis, undefined, { signal: this.over.signal }).catch(() => undefined)
  }

  private settle(batch: SpanBatch, dropped: DropReason | undefined): void {
    this.options.queued.bytes -= batch.body.length
    if (dropped === undefined) this.options.ledger.acknowledge(batch.spans)
    else this.options.ledger.drop(batch.spans, dropped)
  }

  /** Remembers how it went, and says a thing once, until it changes. */
  private note(outcome: ExportAttempt['outcome'], detail: string): void {
    const { tracing, logger, clock } = this.options
    this.lastAttempt = { at: clock.now(), outcome, detail }
    const result = outcome === 'acknowledged' ? outcome : detail
    if (result === this.told) return
    this.told = result
    const to = `${hostPort(tracing.address, tracing.port)}${tracing.endpoint}`
    if (outcome === 'acknowledged') logger.info('the collector takes spans', { to })
    else logger.warn('the collector did not take spans', { to, result })
  }
}
