import type { Balancer, BalancerGround, WeightedEndpoint } from './balancer.ts'
import type { Endpoint } from './endpoint.ts'

/**
 * Draws two endpoints by weight and takes the one that has less to do for its weight. Almost as even as asking all of
 * them, and a herd of sidecars does not run to the same one.
 */
export function createLeastRequest(
  endpoints: readonly WeightedEndpoint[],
  { random, monotonicMillis }: BalancerGround,
): Balancer {
  const weights = Float64Array.from(endpoints, ({ weight }) => weight)
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const ends = weights.map(runningSum())
  const equal = weights.every(weight => weight === weights[0])
  const last = endpoints.length - 1

  /** The endpoint whose part of the whole the spot lies in. */
  function indexAt(spot: number): number {
    if (equal) return Math.min(last, Math.floor((spot * endpoints.length) / total))
    let low = 0
    let high = last
    while (low < high) {
      const middle = (low + high) >> 1
      if ((ends[middle] ?? 0) > spot) high = middle
      else low = middle + 1
    }
    return low
  }

  function next(except?: Endpoint): Endpoint | undefined {
    const one = indexAt(random() * total)
    const weight = weights[one] ?? 0
    // The second is another one: the part of the first is left out.
    const spot = random() * (total - weight)
    const other = indexAt(spot < (ends[one] ?? 0) - weight ? spot : spot + weight)
    const first = endpoints[one]?.endpoint
    const second = endpoints[other]?.endpoint
    if (first === undefined || second === undefined) return undefined
    if (except !== undefined || first.ejectedUntil !== 0 || second.ejectedUntil !== 0) {
      return nextOfSome(except)
    }
    return second.active * weight < first.active * (weights[other] ?? 0) ? second : first
  }

  /** The slower way, where not all will do. */
  function nextOfSome(except: Endpoint | undefined): Endpoint | undefined {
    const now = monotonicMillis()
    let inside = 0
    for (const { endpoint } of endpoints) if (!endpoint.isEjected(now)) inside++
    const all = inside * 2 < endpoints.length
    const fits = ({ endpoint }: WeightedEndpoint): boolean =>
      endpoint !== except && (all || endpoint.ejectedUntil === 0)
    const some = endpoints.filter(fits)
    if (some.length < 2) return some[0]?.endpoint
    const first = drawOne(some, random())
    const second = drawOne(
      some.filter(each => each !== first),
      random(),
    )
    if (first === undefined || second === undefined) return undefined
    const { active } = first.endpoint
    return (second.endpoint.active * first.weight < active * second.weight ? second : first).endpoint
  }

  return { endpoints, next, now: monotonicMillis }
}

function drawOne(some: readonly WeightedEndpoint[], drawn: number): WeightedEndpoint | undefined {
  let spot = drawn * some.reduce((sum, { weight }) => sum + weight, 0)
  for (const each of some) {
    spot -= each.weight
    if (spot < 0) return each
  }
  return some.at(-1)
}

function runningSum(): (weight: number) => number {
  let sum = 0
  return weight => {
    sum += weight
    return sum
  }
}
