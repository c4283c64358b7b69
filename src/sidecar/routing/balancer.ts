import type { Endpoint } from './endpoint.ts'

export interface WeightedEndpoint {
  readonly endpoint: Endpoint
  /** Above 0, relative to the others. */
  readonly weight: number
}

/** Chooses an endpoint for each request; undefined where there is none. */
export interface Balancer {
  readonly endpoints: readonly WeightedEndpoint[]
  next(): Endpoint | undefined
}

/**
 * Weighted round robin that spreads the light ones between the heavy ones: of weights 5, 1, 1 it gives A A B A C A A,
 * never A five times in a row. Each request, every endpoint earns its weight; the richest is taken and pays for all.
 */
export function createBalancer(endpoints: readonly WeightedEndpoint[]): Balancer {
  const only = endpoints.length === 1 ? endpoints[0]?.endpoint : undefined
  const total = endpoints.reduce((sum, { weight }) => sum + weight, 0)
  const earned = new Float64Array(endpoints.length)

  function richest(): number {
    let chosen = 0
    for (let at = 0; at < earned.length; at++) {
      earned[at] = (earned[at] ?? 0) + (endpoints[at]?.weight ?? 0)
      if ((earned[at] ?? 0) > (earned[chosen] ?? 0)) chosen = at
    }
    earned[chosen] = (earned[chosen] ?? 0) - total
    return chosen
  }

  return {
    endpoints,
    next: () => only ?? (endpoints.length === 0 ? undefined : endpoints[richest()]?.endpoint),
  }
}
