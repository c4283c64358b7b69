import type { Endpoint } from './endpoint.ts'

export interface WeightedEndpoint {
  readonly endpoint: Endpoint
  /** Above 0, relative to the others. */
  readonly weight: number
}

/** Chooses an endpoint for each attempt. */
export interface Balancer {
  readonly endpoints: readonly WeightedEndpoint[]
  /**
   * Undefined where there is none. Those that are ejected are passed over, unless more than half are: then something
   * else is wrong, and all are used. With `except` it gives another one, or undefined.
   */
  next(except?: Endpoint): Endpoint | undefined
  /** Monotonic milliseconds. */
  now(): number
}

export interface BalancerGround {
  /** From 0 up to 1, 1 excluded. */
  readonly random: () => number
  readonly monotonicMillis: () => number
}
