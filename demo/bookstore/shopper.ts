import type { Errand } from './errand.ts'
import type { Journal } from './journal.ts'
import { FAILURE, freshScore, judge, type Outcome, SUCCESS } from './maestro.ts'
import { versionOf } from './tally.ts'
import type { Visit } from './visit.ts'

/** One client loop: every errand once, in random order, then a pause; until it is told to stop. */
export interface Shopper {
  readonly name: string
  readonly errands: readonly Errand[]
  readonly minSuccesses: number
  /** 0: no limit. */
  readonly maxIterations: number
  /** From the start of one iteration to the start of the next. */
  readonly pauseMs: number
  readonly journal: Journal
  readonly stop: AbortSignal
  readonly visit: (url: string, headers: Readonly<Record<string, string>>) => Promise<Visit>
  /** Counts a book and returns how many came from this version so far. */
  readonly onBook: (version: 'v1' | 'v2') => number
  /** In [0, 1). */
  readonly random: () => number
  /** Monotonic milliseconds. */
  readonly now: () => number
  /** Returns early when the loop is told to stop. */
  readonly sleep: (ms: number) => Promise<void>
}

const shuffled = <T>(items: readonly T[], random: () => number): readonly T[] =>
  items
    .map(item => ({ item, rank: random() }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ item }) => item)

const countBook = ({ onBook, journal }: Shopper, { status, identity }: Visit): void => {
  const version = status === 200 ? versionOf(identity) : undefined
  if (version === undefined) return
  journal.info(`BooksCount${version.toUpperCase()}=${onBook(version)}`)
}

/** Undefined when the loop was told to stop meanwhile: an interrupted visit proves nothing. */
const runErrand = async (shopper: Shopper, errand: Errand): Promise<Outcome | undefined> => {
  const url = errand.url(shopper.random)
  const visit = await shopper.visit(url, errand.headers)
  if (shopper.stop.aborted) return undefined
  const succeeded = visit.status === errand.expectedStatus
  if (!succeeded) {
    const words = `response code for ${JSON.stringify(url)} is ${visit.status};  expected ${errand.expectedStatus}`
    shopper.journal.print(`ERROR: ${words}`)
  }
  if (errand.buys) countBook(shopper, visit)
  return { errand: errand.name, succeeded }
}

export const shop = async (shopper: Shopper): Promise<void> => {
  const { name, journal, stop, minSuccesses, maxIterations } = shopper
  let score = freshScore(shopper.errands.map(errand => errand.name))
  for (let iteration = 1; !stop.aborted; iteration++) {
    const overBudget = maxIterations > 0 && iteration > maxIterations
    journal.print(`\n\n--- ${name}:[ ${iteration} ] -----------------------------------------`)
    const started = shopper.now()
    for (const errand of shuffled(shopper.errands, shopper.random)) {
      const outcome = await runErrand(shopper, errand)
      if (outcome === undefined) return
      const judgement = judge(score, outcome, { minSuccesses, overBudget })
      score = judgement.score
      if (judgement.succeeded) journal.print(SUCCESS)
    }
    if (overBudget) journal.print(`Threshold of ${maxIterations} iterations exceeded\n\n${FAILURE}`)
    await shopper.sleep(shopper.pauseMs - (shopper.now() - started))
  }
}
