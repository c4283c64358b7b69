import { describe, expect, it } from 'vitest'
import { addCounts, countsOf, NO_COUNTS, printCounts } from './test-counts.ts'

describe('the closing line of the tests', () => {
  it('sums suites, and counts a file that could not be loaded as a failure', () => {
    const suite = countsOf({
      numPassedTests: 3,
      numFailedTests: 0,
      numPendingTests: 1,
      testResults: [
        { status: 'failed', assertionResults: [] },
        { status: 'passed', assertionResults: [{}] },
      ],
    })
    expect(printCounts(addCounts(suite, addCounts(suite, NO_COUNTS)))).toBe('6 passed, 2 failed, 2 skipped')
  })
})
