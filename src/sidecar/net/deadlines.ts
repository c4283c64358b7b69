/** Something that must not take for ever. */
export interface Timed {
  /** In the milliseconds of `Deadlines.after`; `NO_DEADLINE` where nothing is waited for. Written at any time. */
  deadline: number
  /** Called again at each look until the deadline is moved or the thing removed. */
  onDeadline(): void
}

export const NO_DEADLINE: number = Number.POSITIVE_INFINITY

/**
 * One coarse timer for all deadlines: moving one is an assignment, and a look over all of them now and then finds
 * those that passed. A deadline is met up to two ticks late.
 */
export interface Deadlines {
  add(timed: Timed): void
  remove(timed: Timed): void
  after(millis: number): number
}

export interface DeadlinesOptions {
  readonly monotonicMillis: () => number
  readonly tickMillis?: number
}

const DEFAULT_TICK_MILLIS = 250

export function createDeadlines(options: DeadlinesOptions): Deadlines {
  const tickMillis = options.tickMillis ?? DEFAULT_TICK_MILLIS
  const all = new Set<Timed>()
  let now = options.monotonicMillis()
  let timer: NodeJS.Timeout | undefined

  function look(): void {
    now = options.monotonicMillis()
    for (const timed of all) if (timed.deadline <= now) timed.onDeadline()
  }

  return {
    add(timed) {
      all.add(timed)
      if (timer !== undefined) return
      now = options.monotonicMillis()
      timer = setInterval(look, tickMillis)
    },
    remove(timed) {
      all.delete(timed)
      if (all.size > 0) return
      clearInterval(timer)
      timer = undefined
    },
    // `now` may be a tick old.
    after: millis => (timer === undefined ? options.monotonicMillis() : now + tickMillis) + millis,
  }
}
