import type { Protocol } from '../../model/sidecar-config.ts'
import type { ClusterCounters } from '../sidecar-metrics.ts'
import type { Balancer } from './balancer.ts'
import type { ClusterLoad } from './cluster-load.ts'
import type { ClusterPolicy } from './cluster-policy.ts'

/** Where requests for one authority, or for one port of this pod, go. */
export interface Route {
  readonly kind: 'route'
  /** Name of the cluster: tag `upstream_cluster`. */
  readonly cluster: string
  /** The same as spans have it. */
  readonly clusterJson: string
  readonly protocol: Protocol
  readonly balancer: Balancer
  /** What holds when requests fail or are too many. */
  readonly policy: ClusterPolicy
  /** Shared with the routes to the same cluster of other configurations. */
  readonly load: ClusterLoad
  /** The host, where the mesh does not know it: service name of the other side in spans. Else empty. */
  readonly remoteService: string
  readonly counters: ClusterCounters
}
