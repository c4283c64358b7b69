import type { ClusterSettings } from '../../model/sidecar-config.ts'
import { createMetrics } from '../../runtime/metrics.ts'
import { ClusterLoad } from '../routing/cluster-load.ts'
import { clusterPolicy } from '../routing/cluster-policy.ts'
import { createBalancer } from '../routing/create-balancer.ts'
import { Endpoint } from '../routing/endpoint.ts'
import type { Route } from '../routing/route.ts'
import { createSidecarMetrics } from '../sidecar-metrics.ts'
import { seededRandom } from './seeded-random.ts'

export interface RouteOptions {
  readonly weights: readonly number[]
  readonly settings?: ClusterSettings
  readonly monotonicMillis?: () => number
}

/** A route to endpoints that are not there, named A, B, C … */
export function routeOf({ weights, settings = {}, monotonicMillis = () => 0 }: RouteOptions): Route {
  const endpoints = weights.map((weight, index) => {
    const name = String.fromCharCode(65 + index)
    return {
      weight,
      endpoint: new Endpoint({ name, address: name, port: 1, target: { host: name, port: 1 } }),
    }
  })
  return {
    kind: 'route',
    cluster: 'c',
    clusterJson: '"c"',
    protocol: 'http',
    balancer: createBalancer(endpoints, { random: seededRandom(), monotonicMillis }),
    policy: clusterPolicy(settings),
    load: new ClusterLoad(),
    remoteService: '',
    counters: createSidecarMetrics(createMetrics()).cluster('c'),
  }
}
