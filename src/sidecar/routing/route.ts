import type { Protocol } from '../../model/sidecar-config.ts'
import type { ClusterCounters } from '../sidecar-metrics.ts'
import type { Balancer } from './balancer.ts'

/** Where requests for one authority, or for one port of this pod, go. */
export interface Route {
  readonly kind: 'route'
  /** Name of the cluster: tag `upstream_cluster`. */
  readonly cluster: string
  /** The same as spans have it. */
  readonly clusterJson: string
  readonly protocol: Protocol
  readonly balancer: Balancer
  /** The host, where the mesh does not know it: service name of the other side in spans. Else empty. */
  readonly remoteService: string
  readonly counters: ClusterCounters
}
