import type { TraceId } from '../../model/ids.ts'
import { hexNumber } from '../../wire/hex.ts'

/** What was decided for a trace. */
export type Decision = 'sampled' | 'unsampled' | 'debug'

/**
 * Remembers the decisions of inbound requests, because the requests that an app makes on their behalf carry the trace
 * id and seldom the decision. Bounded in time (at least `KEPT_MILLIS`, at most twice that) and in number.
 */
export interface DecisionMemory {
  readonly size: number
  /** `trace`: its `traceKey`. */
  remember(trace: number, decision: Decision): void
  recall(trace: number): Decision | undefined
}

/**
 * The lower half of a trace id, which is all that old B3 forwards, as a number: a text would keep the whole head alive
 * that it was read from. A number holds 53 bits, so the ends of the half lie upon each other: ids that are counted up
 * differ in one of them, others in what is between.
 */
export function traceKey(id: TraceId): number {
  const ends = hexNumber(id, 16, 19) ^ hexNumber(id, 29, 32)
  return ends * 2 ** 40 + hexNumber(id, 19, 29)
}

const KEPT_MILLIS = 60_000
const MOST_PER_GENERATION = 65_536

export interface DecisionMemoryOptions {
  readonly monotonicMicros: () => number
  readonly mostPerGeneration?: number
}

/** Two generations: the younger is written, both are read, and the older is thrown away as a whole. */
export function createDecisionMemory(options: DecisionMemoryOptions): DecisionMemory {
  const most = options.mostPerGeneration ?? MOST_PER_GENERATION
  let young = new Map<number, Decision>()
  let old = new Map<number, Decision>()
  let born = options.monotonicMicros()

  function turn(): void {
    const age = (options.monotonicMicros() - born) / 1000
    if (age < KEPT_MILLIS && young.size < most) return
    old = age < 2 * KEPT_MILLIS ? young : new Map()
    young = new Map()
    born = options.monotonicMicros()
  }

  return {
    get size() {
      return young.size + old.size
    },
    remember(trace, decision) {
      turn()
      young.set(trace, decision)
    },
    recall(trace) {
      turn()
      return young.get(trace) ?? old.get(trace)
    },
  }
}
