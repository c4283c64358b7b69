import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../testing/seeded-random.ts'
import { createBalancer } from './create-balancer.ts'
import { Endpoint } from './endpoint.ts'

function endpointsOf(...weights: readonly number[]) {
  return weights.map((weight, index) => {
    const name = String.fromCharCode(65 + index)
    return {
      weight,
      endpoint: new Endpoint({ name, address: name, port: 1, target: { host: name, port: 1 } }),
    }
  })
}

const weightLists = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 2, maxLength: 6 })

describe('the balancer', () => {
  it('gives each its weight while all are idle', () => {
    fc.assert(
      fc.property(weightLists, weights => {
        const endpoints = endpointsOf(...weights)
        const balancer = createBalancer(endpoints, { random: seededRandom(), monotonicMillis: () => 0 })
        const total = weights.reduce((sum, weight) => sum + weight, 0)
        const counts = new Map(endpoints.map(({ endpoint }) => [endpoint, 0]))
        const rounds = 2000
        for (let round = 0; round < rounds; round++) {
          const endpoint = balancer.next()
          if (endpoint !== undefined) counts.set(endpoint, (counts.get(endpoint) ?? 0) + 1)
        }
        for (const { endpoint, weight } of endpoints) {
          expect((counts.get(endpoint) ?? 0) / rounds).toBeCloseTo(weight / total, 1)
        }
      }),
    )
  })

  it('keeps what runs in proportion to the weights', () => {
    fc.assert(
      fc.property(weightLists, weights => {
        const endpoints = endpointsOf(...weights)
        const balancer = createBalancer(endpoints, { random: seededRandom(), monotonicMillis: () => 0 })
        const total = weights.reduce((sum, weight) => sum + weight, 0)
        for (let count = 0; count < total * 50; count++) {
          const endpoint = balancer.next()
          if (endpoint !== undefined) endpoint.active++
        }
        for (const { endpoint, weight } of endpoints) {
          expect(endpoint.active / weight).toBeGreaterThan(35)
          expect(endpoint.active / weight).toBeLessThan(65)
        }
      }),
    )
  })

  it('gives the one of two that has less to do', () => {
    const [first, second] = endpointsOf(1, 1)
    if (first === undefined || second === undefined) throw new Error('there are two')
    const balancer = createBalancer([first, second], { random: seededRandom(), monotonicMillis: () => 0 })
    first.endpoint.active = 1
    for (let count = 0; count < 10; count++) expect(balancer.next()).toBe(second.endpoint)
  })

  it('never gives the one that is excepted, and another where there is one', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 6 }), fc.nat(), (weights, at) => {
        const endpoints = endpointsOf(...weights)
        const balancer = createBalancer(endpoints, { random: seededRandom(), monotonicMillis: () => 0 })
        const except = endpoints[at % Math.max(1, endpoints.length)]?.endpoint
        for (let count = 0; count < 10; count++) {
          const next = balancer.next(except)
          expect(next === undefined).toBe(endpoints.length < 2)
          if (next !== undefined) expect(next).not.toBe(except)
        }
      }),
    )
  })

  it('passes over those that are ejected until their time is over, unless more than half are', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 2, maxLength: 8 }), ejected => {
        const endpoints = endpointsOf(...ejected.map(() => 1))
        let now = 100
        const balancer = createBalancer(endpoints, { random: seededRandom(), monotonicMillis: () => now })
        for (const [at, each] of ejected.entries()) {
          const endpoint = endpoints[at]?.endpoint
          if (endpoint !== undefined && each) endpoint.ejectedUntil = 200
        }
        const out = ejected.filter(each => each).length
        const given = (): number =>
          new Set(Array.from({ length: 300 }, () => balancer.next()).filter(each => each !== undefined)).size
        const panics = (ejected.length - out) * 2 < ejected.length
        expect(given()).toBe(panics ? ejected.length : ejected.length - out)
        now = 200
        expect(given()).toBe(ejected.length)
        for (const { endpoint } of endpoints) expect(endpoint.ejectedUntil).toBe(0)
      }),
    )
  })

  it('has nothing to give where there is nothing', () => {
    expect(createBalancer([], { random: seededRandom(), monotonicMillis: () => 0 }).next()).toBeUndefined()
  })
})
