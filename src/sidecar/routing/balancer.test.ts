import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createBalancer } from './balancer.ts'
import { Endpoint } from './endpoint.ts'

function balancerOf(...weights: readonly number[]) {
  return createBalancer(
    weights.map((weight, index) => {
      const name = String.fromCharCode(65 + index)
      return {
        weight,
        endpoint: new Endpoint({ name, address: name, port: 1, target: { host: name, port: 1 } }),
      }
    }),
  )
}

describe('the balancer', () => {
  it('spreads the light ones between the heavy ones', () => {
    const balancer = balancerOf(5, 1, 1)
    expect(Array.from({ length: 7 }, () => balancer.next()?.name).join('')).toBe('AABACAA')
  })

  it('gives each its weight in every round', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 6 }), weights => {
        const balancer = balancerOf(...weights)
        const total = weights.reduce((sum, weight) => sum + weight, 0)
        const counts = weights.map(() => 0)
        for (let count = 0; count < 2 * total; count++) {
          const at = (balancer.next()?.name.charCodeAt(0) ?? 0) - 65
          counts[at] = (counts[at] ?? 0) + 1
        }
        expect(counts).toEqual(weights.map(weight => 2 * weight))
      }),
    )
  })

  it('has nothing to give where there is nothing', () => {
    expect(balancerOf().next()).toBeUndefined()
  })
})
