import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { routeOf } from '../testing/route-of.ts'
import { endAttempt, type Outcome, outcomeOf } from './attempt.ts'
import type { Endpoint } from './endpoint.ts'
import type { Route } from './route.ts'

function clusterOfSize(size: number) {
  let now = 1000
  const route = routeOf({ weights: Array.from({ length: size }, () => 1), monotonicMillis: () => now })
  const endpoints = route.balancer.endpoints.map(({ endpoint }) => endpoint)
  return {
    route,
    endpoints,
    first: endpoints[0] as Endpoint,
    pass: (millis: number) => {
      now += millis
    },
    out: () => endpoints.filter(endpoint => endpoint.isEjected(now)).length,
  }
}

function end(route: Route, endpoint: Endpoint, outcome: Outcome, times = 1): void {
  for (let count = 0; count < times; count++) {
    endpoint.active++
    route.load.active++
    endAttempt(route, endpoint, outcome)
  }
}

describe('ejection', () => {
  it('comes with the fifth failure in a row, and ends by itself', () => {
    const { route, first, pass, out } = clusterOfSize(2)
    end(route, first, 'failed', 4)
    end(route, first, 'unknown')
    expect(out()).toBe(0)
    end(route, first, 'served')
    end(route, first, 'failed', 4)
    expect(out()).toBe(0)
    end(route, first, 'failed')
    expect(out()).toBe(1)
    pass(29_999)
    expect(out()).toBe(1)
    pass(1)
    expect(out()).toBe(0)
  })

  it('lasts longer each time, up to five minutes, and is forgiven with time', () => {
    const { route, first, pass, out } = clusterOfSize(2)
    const lengthOfNext = (): number => {
      end(route, first, 'failed', 5)
      let seconds = 0
      while (out() === 1) {
        pass(1000)
        seconds++
      }
      return seconds
    }
    expect([lengthOfNext(), lengthOfNext(), lengthOfNext()]).toEqual([30, 60, 90])
    pass(20_000)
    expect(lengthOfNext()).toBe(60)
    pass(600_000)
    expect(lengthOfNext()).toBe(30)
    for (let count = 0; count < 12; count++) lengthOfNext()
    expect(lengthOfNext()).toBe(300)
  })

  it('takes one of a few and a tenth of many, never the only one', () => {
    const cases: readonly [number, number][] = [
      [1, 0],
      [2, 1],
      [9, 1],
      [20, 2],
      [39, 3],
    ]
    for (const [size, most] of cases) {
      const { route, endpoints, out } = clusterOfSize(size)
      for (const endpoint of endpoints) end(route, endpoint, 'failed', 10)
      expect(out()).toBe(most)
    }
  })

  it('never takes too many, whatever happens', () => {
    const outcome = fc.constantFrom<Outcome>('served', 'failed', 'failed', 'failed', 'unknown')
    const step = fc.record({ at: fc.nat(), outcome, millis: fc.nat({ max: 3000 }) })
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 25 }), fc.array(step, { maxLength: 300 }), (size, steps) => {
        const { route, endpoints, pass, out } = clusterOfSize(size)
        for (const each of steps) {
          const endpoint = endpoints[each.at % size]
          if (endpoint !== undefined) end(route, endpoint, each.outcome)
          pass(each.millis)
          expect(out()).toBeLessThanOrEqual(size === 1 ? 0 : Math.max(1, Math.floor(size / 10)))
        }
        expect(route.load.active).toBe(0)
      }),
    )
  })

  it("is for what gateways say, not for an app's own errors", () => {
    expect([200, 404, 500, 501, 502, 503, 504, 505].map(outcomeOf)).toEqual([
      'served',
      'served',
      'served',
      'served',
      'failed',
      'failed',
      'failed',
      'served',
    ])
  })
})
