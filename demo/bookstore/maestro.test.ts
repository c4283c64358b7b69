import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FAILURE, freshScore, judge, type Outcome, type Score, SUCCESS } from './maestro.ts'

const RULE = { minSuccesses: 1, overBudget: false }

/** Plays outcomes such as `a+ b-` and returns after which of them the line came. */
const play = (script: string, rule = RULE, errands = ['a', 'b']): readonly boolean[] => {
  let score = freshScore(errands)
  return script.split(' ').map(word => {
    const outcome = { errand: word.slice(0, -1), succeeded: word.endsWith('+') }
    const judgement = judge(score, outcome, rule)
    score = judgement.score
    return judgement.succeeded
  })
}

const lines = (script: string, rule = RULE, errands = ['a', 'b']): string =>
  play(script, rule, errands)
    .map(succeeded => (succeeded ? '!' : '.'))
    .join('')

describe('the maestro', () => {
  it('has the lines that scripts wait for', () => {
    expect(SUCCESS).toBe('MAESTRO! THIS TEST SUCCEEDED!')
    expect(FAILURE).toBe('MAESTRO, WE HAVE A PROBLEM! THIS TEST FAILED!')
  })

  it('speaks from the second evaluation in a row that finds every errand passed', () => {
    expect(lines('a+ b+')).toBe('..')
    expect(lines('a+ b+ b+ a+')).toBe('..!!')
    expect(lines('a+ b+ c+ a+', RULE, ['a', 'b', 'c'])).toBe('...!')
  })

  it('stays silent while one errand has never passed', () => {
    expect(lines('a+ a+ a+ a+')).toBe('....')
    expect(lines('a+ b- a+ b- a+')).toBe('.....')
  })

  it('begins anew after a failure', () => {
    expect(lines('a+ b+ a- b+ a+ b+')).toBe('.....!')
    expect(lines('a+ b+ a+ b- b+ a+ a+', { minSuccesses: 2, overBudget: false })).toBe('......!')
  })

  it('waits for the successes asked for', () => {
    expect(lines('a+ b+ a+ b+ a+ b+', { minSuccesses: 3, overBudget: false })).toBe('....!!')
  })

  it('says nothing over budget, and counts on', () => {
    expect(lines('a+ b+ a+ b+', { minSuccesses: 1, overBudget: true })).toBe('....')
  })

  const outcome = fc.record({ errand: fc.constantFrom('a', 'b', 'c'), succeeded: fc.boolean() })

  it('agrees with a count over the whole history', () => {
    const greenAfter = (history: readonly Outcome[]): boolean =>
      ['a', 'b', 'c'].every(errand => history.findLast(one => one.errand === errand)?.succeeded === true)
    const check = (history: readonly Outcome[], minSuccesses: number): void => {
      let score: Score = freshScore(['a', 'b', 'c'])
      let inRow = 0
      history.forEach((one, index) => {
        const judgement = judge(score, one, { minSuccesses, overBudget: false })
        score = judgement.score
        const greenNow = greenAfter(history.slice(0, index + 1))
        inRow = greenNow ? inRow + 1 : 0
        expect(judgement.succeeded).toBe(inRow >= 2 && inRow - 1 >= minSuccesses)
      })
    }
    fc.assert(fc.property(fc.array(outcome, { maxLength: 40 }), fc.integer({ min: 0, max: 4 }), check))
  })
})
