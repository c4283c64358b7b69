import type { Balancer, BalancerGround, WeightedEndpoint } from './balancer.ts'
import { createLeastRequest } from './least-request.ts'

export function createBalancer(endpoints: readonly WeightedEndpoint[], ground: BalancerGround): Balancer {
  if (endpoints.length > 1) return createLeastRequest(endpoints, ground)
  const only = endpoints[0]?.endpoint
  return {
    endpoints,
    next: except => (only === except ? undefined : only),
    now: ground.monotonicMillis,
  }
}
