import type { Clock } from '../runtime/clock.ts'
import type { BodyOutcome, HttpRequest } from '../runtime/http-exchange.ts'
import type { AppendOutcome, BatchFormat, SpanBatch, SpanWriter } from '../storage/span-store.ts'
import { batchSender } from './batch-sender.ts'
import type { ByteBudget } from './byte-budget.ts'
import type { CollectorLedger, Door } from './collector-ledger.ts'

export interface IntakeOptions {
  readonly store: SpanWriter
  readonly ledger: CollectorLedger
  /** Of all batches that are being received, decompressed. */
  readonly budget: ByteBudget
  readonly clock: Pick<Clock, 'now'>
}

/** What became of a batch. All but the first: nothing of it was kept. */
export type IntakeOutcome = AppendOutcome | Exclude<BodyOutcome, { readonly status: 'read' | 'no-room' }>

export const RETRY_MILLIS = 1000
const OVERLOADED: AppendOutcome = { status: 'overloaded', retryAfterMillis: RETRY_MILLIS }

/** Takes batches of whatever door within bounds, and counts them. */
export class BatchIntake {
  readonly #options: IntakeOptions

  constructor(options: IntakeOptions) {
    this.#options = options
  }

  get ledger(): CollectorLedger {
    return this.#options.ledger
  }

  get budget(): ByteBudget {
    return this.#options.budget
  }

  /** Reads the body of a request, at most `limit` bytes before and after decompression, and writes it. */
  async receive(
    request: HttpRequest,
    door: Door,
    format: BatchFormat,
    limit: number,
  ): Promise<IntakeOutcome> {
    const { budget, ledger } = this.#options
    // Of a body of known length all is taken at once, of one of unknown length what there is of it.
    const declared = request.headers['content-length']
    let held = declared === undefined ? 0 : Math.min(Number(declared), limit)
    const grow = (bytes: number): boolean => {
      if (!budget.take(bytes)) return false
      held += bytes
      return true
    }
    if (!budget.take(held)) return this.#refuse(OVERLOADED)
    try {
      const body = await request.body(limit, declared === undefined ? grow : undefined)
      if (body.status === 'no-room') return this.#refuse(OVERLOADED)
      if (body.status !== 'read') {
        ledger.refuse(REFUSALS[body.status])
        return body
      }
      budget.correct(held, body.bytes.byteLength)
      held = body.bytes.byteLength
      return await this.write(body.bytes, door, format, batchSender(request.headers))
    } finally {
      budget.give(held)
    }
  }

  /** For who has the bytes already, and the room for them. Throws what the store throws. */
  async write(
    bytes: Uint8Array,
    door: Door,
    format: BatchFormat,
    sender?: SpanBatch['sender'],
  ): Promise<AppendOutcome> {
    const { store, ledger, clock } = this.#options
    const outcome = await this.#append(store, {
      format,
      bytes,
      receivedAt: clock.now(),
      ...(sender === undefined ? {} : { sender }),
    })
    if (outcome.status === 'accepted') ledger.accept(outcome, door)
    else ledger.refuse(outcome.status)
    return outcome
  }

  #refuse(outcome: AppendOutcome): AppendOutcome {
    this.#options.ledger.refuse('overloaded')
    return outcome
  }

  async #append(store: SpanWriter, batch: SpanBatch): Promise<AppendOutcome> {
    try {
      return await store.append(batch)
    } catch (error) {
      this.#options.ledger.refuse('store-failed')
      throw error
    }
  }
}

const REFUSALS = {
  'too-large': 'too-large',
  'unsupported-encoding': 'unsupported-format',
  undecodable: 'undecodable',
  aborted: 'aborted',
} as const
