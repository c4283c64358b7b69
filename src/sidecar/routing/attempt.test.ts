import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { routeOf } from '../testing/route-of.ts'
import { beginAttempt, beginRetry, endAttempt, endRetry, mayConnect, type Outcome } from './attempt.ts'
import { Endpoint } from './endpoint.ts'

describe('attempts', () => {
  it('are as many as began less those that ended, at most as many as may, whatever becomes of them', () => {
    const outcome = fc.constantFrom<Outcome>('served', 'failed', 'unknown')
    const step = fc.oneof(fc.constant('begin' as const), fc.record({ at: fc.nat(), outcome }))
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), fc.integer({ min: 1, max: 6 }), (steps, most) => {
        const route = routeOf({ weights: [1, 2, 3], settings: { maxRequests: most } })
        const running: Endpoint[] = []
        let begun = 0
        let ended = 0
        let refused = 0
        for (const each of steps) {
          if (each === 'begin') {
            const chosen = beginAttempt(route)
            if (chosen instanceof Endpoint) running.push(chosen)
            else refused++
            begun++
          } else if (running.length > 0) {
            const [endpoint] = running.splice(each.at % running.length, 1)
            if (endpoint !== undefined) endAttempt(route, endpoint, each.outcome)
            ended++
          }
          expect(route.load.active).toBe(running.length)
          expect(running.length).toBeLessThanOrEqual(most)
          for (const { endpoint } of route.balancer.endpoints) {
            expect(endpoint.active).toBe(running.filter(other => other === endpoint).length)
          }
        }
        expect(begun).toBe(ended + refused + running.length)
        expect(route.counters.overflows.value).toBe(refused)
      }),
    )
  })

  it('that are retries are a share of what runs, and a few always', () => {
    const route = routeOf({ weights: [1] })
    const taken = (): number => {
      let count = 0
      while (beginRetry(route)) count++
      for (let left = count; left > 0; left--) endRetry(route)
      return count
    }
    expect(taken()).toBe(3)
    for (let count = 0; count < 100; count++) beginAttempt(route)
    expect(taken()).toBe(20)
    expect(route.counters.retryOverflows.value).toBe(2)
    expect(route.load.retrying).toBe(0)
  })

  it('may connect up to the limit of the cluster, and to an endpoint without connections always', () => {
    const route = routeOf({ weights: [1, 1, 1], settings: { maxConnections: 3 } })
    const [first, second, third] = route.balancer.endpoints.map(({ endpoint }) => endpoint)
    if (first === undefined || second === undefined || third === undefined) throw new Error('there are three')
    first.addConnection()
    second.addConnection()
    expect(mayConnect(route, first)).toBe(true)
    second.addConnection()
    expect(mayConnect(route, first)).toBe(false)
    expect(mayConnect(route, third)).toBe(true)
    second.removeConnection()
    expect(mayConnect(route, first)).toBe(true)
  })
})

describe('the queue of an endpoint', () => {
  it('calls one at a time, in their order; who does not take what is free stays the first', () => {
    const calls: string[] = []
    const endpoint = new Endpoint({ name: 'A', address: 'A', port: 1, target: { host: 'A', port: 1 } })
    let taken = false
    const waiter = (name: string) => ({
      onRoom: () => {
        calls.push(name)
        return taken
      },
    })
    const [a, b, c] = [waiter('a'), waiter('b'), waiter('c')]
    for (const each of [a, b, c]) endpoint.line.add(each)
    for (let count = 0; count < 5; count++) endpoint.addConnection()
    endpoint.removeConnection()
    taken = true
    endpoint.removeConnection()
    endpoint.line.remove(b)
    endpoint.removeConnection()
    endpoint.removeConnection()
    expect(calls).toEqual(['a', 'a', 'c'])
  })
})
