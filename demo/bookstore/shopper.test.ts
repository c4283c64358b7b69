import { describe, expect, it } from 'vitest'
import type { Errand } from './errand.ts'
import { openJournal } from './journal.ts'
import { FAILURE, SUCCESS } from './maestro.ts'
import { type Shopper, shop } from './shopper.ts'
import type { Visit } from './visit.ts'

const errand = (name: string): Errand => ({
  name,
  url: () => name,
  headers: {},
  expectedStatus: 200,
  buys: name === 'buy',
})

interface Stage {
  readonly lines: string[]
  readonly slept: number[]
  readonly shopper: Shopper
}

/** A loop that ends after `iterations`; each visit takes 10 ms of a clock that only visits move. */
const stage = (iterations: number, visit: (url: string) => Visit, changes: Partial<Shopper> = {}): Stage => {
  const lines: string[] = []
  const slept: number[] = []
  const stopping = new AbortController()
  const counts = { v1: 0, v2: 0 }
  let clock = 0
  const shopper: Shopper = {
    name: 'bookbuyer',
    errands: [errand('list'), errand('buy')],
    minSuccesses: 1,
    maxIterations: 0,
    pauseMs: 1000,
    journal: openJournal('bookbuyer', line => lines.push(line)),
    stop: stopping.signal,
    visit: async url => {
      clock += 10
      return visit(url)
    },
    onBook: version => ++counts[version],
    random: () => 0,
    now: () => clock,
    sleep: async ms => {
      if (slept.push(ms) === iterations) stopping.abort()
    },
    ...changes,
  }
  return { lines, slept, shopper }
}

const V1: Visit = { status: 200, identity: 'bookstore-v1' }
const times = (lines: readonly string[], line: string): number => lines.filter(one => one === line).length

describe('the client loop', () => {
  it('names its iterations, pauses for the rest of the second, and succeeds', async () => {
    const { lines, slept, shopper } = stage(3, () => V1)
    await shop(shopper)
    expect(lines).toContain('\n\n--- bookbuyer:[ 3 ] -----------------------------------------')
    expect(slept).toEqual([980, 980, 980])
    expect(times(lines, SUCCESS)).toBe(4)
  })

  it('logs counts, not addresses', async () => {
    const { lines, shopper } = stage(2, () => V1)
    await shop(shopper)
    expect(lines.filter(line => line.includes('BooksCount'))).toEqual([
      'INF BooksCountV1=1 component=bookbuyer',
      'INF BooksCountV1=2 component=bookbuyer',
    ])
  })

  it('says what it expected instead, and goes on', async () => {
    const { lines, shopper } = stage(2, url => (url === 'buy' ? { status: 503, identity: 'n/a' } : V1))
    await shop(shopper)
    expect(times(lines, 'ERROR: response code for "buy" is 503;  expected 200')).toBe(2)
    expect(times(lines, SUCCESS)).toBe(0)
    expect(lines.join()).not.toContain('BooksCount')
  })

  it('fails over budget and continues all the same', async () => {
    const { lines, shopper } = stage(4, () => V1, { maxIterations: 2 })
    await shop(shopper)
    expect(times(lines, SUCCESS)).toBe(2)
    expect(times(lines, `Threshold of 2 iterations exceeded\n\n${FAILURE}`)).toBe(2)
  })

  it('takes the errands in random order', async () => {
    const visited: string[] = []
    const draws = [0.9, 0.1, 0.1, 0.9]
    const look = (url: string): Visit => {
      visited.push(url)
      return V1
    }
    await shop(stage(2, look, { random: () => draws.shift() ?? 0 }).shopper)
    expect(visited).toEqual(['buy', 'list', 'list', 'buy'])
  })

  it('does not judge a visit that was interrupted', async () => {
    const stopping = new AbortController()
    const interrupt = (): Visit => {
      stopping.abort()
      return { status: 0, identity: 'unknown' }
    }
    const { lines, slept, shopper } = stage(9, interrupt, { stop: stopping.signal })
    await shop(shopper)
    expect(slept).toEqual([])
    expect(lines.join()).not.toContain('ERROR')
  })
})
