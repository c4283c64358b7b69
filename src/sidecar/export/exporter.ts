import { Agent } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { SocketAddress, TracingConfig } from '../../model/sidecar-config.ts'
import type { Logger } from '../../runtime/logger.ts'
import { hostPort } from '../http/authority.ts'
import { type PostOutcome, postBatch } from './post-batch.ts'
import type { SpanBatch } from './span-batch.ts'
import type { DropReason, SpanLedger } from './span-ledger.ts'

/** Batches that are under way at the same time. */
const LANES = 4
/** A batch that could not be delivered for so long is given up. */
const RETRY_FOR_MILLIS = 120_000
const FIRST_BACKOFF_MILLIS = 100
const LONGEST_BACKOFF_MILLIS = 2000

export interface ExporterOptions {
  readonly tracing: TracingConfig
  readonly sender: string
  readonly ledger: SpanLedger
  readonly logger: Logger
  readonly monotonicMillis: () => number
  readonly random: () => number
  readonly retryForMillis?: number
}

/** Sends batches to one collector. */
export class Exporter {
  /** Of the batches that wait or are under way. */
  queuedBytes = 0
  /** How the last batch went, for people. */
  lastResult = 'nothing sent yet'
  private readonly options: ExporterOptions
  private readonly agent = new Agent({ keepAlive: true, maxSockets: LANES })
  private readonly cut = new AbortController()
  private readonly waiting: SpanBatch[] = []
  private lanes = 0
  private resolved: readonly SocketAddress[]
  private chosen = 0
  private closedFor: DropReason | undefined
  private idle: () => void = () => undefined

  constructor(options: ExporterOptions) {
    this.options = options
    this.resolved = options.tracing.resolved
  }

  /** The collector has moved; its name is the same. */
  resolve(resolved: readonly SocketAddress[]): void {
    this.resolved = resolved
  }

  /** How much may wait is the caller's to bound. */
  send(batch: SpanBatch): void {
    this.queuedBytes += batch.body.length
    this.waiting.push(batch)
    if (this.lanes < LANES) void this.runLane()
  }

  /** Sends what waits for `graceMillis`, then drops the rest. No connection is left. */
  async close(graceMillis: number, reason: DropReason): Promise<void> {
    const timer = setTimeout(() => {
      this.closedFor = reason
      this.cut.abort()
      for (const batch of this.waiting.splice(0)) this.settle(batch, reason)
    }, graceMillis)
    if (this.lanes > 0) {
      await new Promise<void>(resolve => {
        this.idle = resolve
      })
    }
    clearTimeout(timer)
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
      if (outcome.status === 'acknowledged') return this.settle(batch, undefined)
      if (this.closedFor !== undefined) return this.settle(batch, this.closedFor)
      this.tell(outcome.detail)
      if (outcome.status === 'refused' || this.expired(batch)) return this.settle(batch, outcome.status)
      const asked = outcome.status === 'unavailable' ? outcome.retryAfterMillis : 0
      await this.pause(Math.max(asked, backoff * (0.5 + this.options.random() / 2)))
      if (this.closedFor !== undefined) return this.settle(batch, this.closedFor)
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
      signal: this.cut.signal,
    })
  }

  private expired(batch: SpanBatch): boolean {
    const most = this.options.retryForMillis ?? RETRY_FOR_MILLIS
    return this.options.monotonicMillis() - batch.sealedAtMillis > most
  }

  private async pause(millis: number): Promise<void> {
    // Another of the collector's addresses may be better.
    this.chosen++
    await sleep(millis, undefined, { signal: this.cut.signal }).catch(() => undefined)
  }

  private settle(batch: SpanBatch, dropped: DropReason | undefined): void {
    this.queuedBytes -= batch.body.length
    if (dropped !== undefined) {
      this.options.ledger.drop(batch.spans, dropped)
      return
    }
    this.options.ledger.acknowledge(batch.spans)
    this.tell('acknowledged')
  }

  /** Says a thing once, until it changes. */
  private tell(result: string): void {
    if (result === this.lastResult) return
    this.lastResult = result
    const { tracing, logger } = this.options
    const to = `${hostPort(tracing.address, tracing.port)}${tracing.endpoint}`
    if (result === 'acknowledged') logger.info('the collector takes spans', { to })
    else logger.warn('the collector did not take spans', { to, result })
  }
}
