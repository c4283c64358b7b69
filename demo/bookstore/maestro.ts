/** The lines by which continuous integration, and people, know that requests flow as they should. */
export const SUCCESS = 'MAESTRO! THIS TEST SUCCEEDED!'
export const FAILURE = 'MAESTRO, WE HAVE A PROBLEM! THIS TEST FAILED!'

/** What one client loop knows about its errands so far. */
export interface Score {
  /** Errand to whether its latest visit gave the expected answer. */
  readonly passed: Readonly<Record<string, boolean>>
  readonly allPassed: boolean
  /** Evaluations in a row, after the first, that found every errand passed. */
  readonly successes: number
}

export interface Outcome {
  readonly errand: string
  readonly succeeded: boolean
}

export interface Rule {
  /** So many successes make the test succeed. */
  readonly minSuccesses: number
  /** The iterations granted are used up: too late for the line. */
  readonly overBudget: boolean
}

export interface Judgement {
  readonly score: Score
  /** Whether the success line is due now. */
  readonly succeeded: boolean
}

export const freshScore = (errands: readonly string[]): Score => ({
  passed: Object.fromEntries(errands.map(errand => [errand, false])),
  allPassed: false,
  successes: 0,
})

/** An evaluation follows every single visit, so the line comes once per errand while all goes well. */
export const judge = (score: Score, outcome: Outcome, rule: Rule): Judgement => {
  const passed = { ...score.passed, [outcome.errand]: outcome.succeeded }
  const allPassed = Object.values(passed).every(Boolean)
  const again = score.allPassed && allPassed
  const regressed = score.allPassed && !outcome.succeeded
  const successes = regressed ? 0 : score.successes + (again ? 1 : 0)
  return {
    score: { passed, allPassed, successes },
    succeeded: again && successes >= rule.minSuccesses && !rule.overBudget,
  }
}
