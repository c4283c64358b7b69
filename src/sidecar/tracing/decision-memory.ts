/** What was decided for a trace. */
export type Decision = 'sampled' | 'unsampled' | 'debug'

/**
 * Remembers the decisions of inbound requests, because the requests that an app makes on their behalf carry the trace
 * id and seldom the decision. Bounded in time (at least `KEPT_MILLIS`, at most twice that) and in number.
 */
export interface DecisionMemory {
  readonly size: number
  remember(traceNumber: number, decision: Decision): void
  recall(traceNumber: number): Decision | undefined
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
    remember(traceNumber, decision) {
      turn()
      young.set(traceNumber, decision)
    },
    recall(traceNumber) {
      turn()
      return young.get(traceNumber) ?? old.get(traceNumber)
    },
  }
}
