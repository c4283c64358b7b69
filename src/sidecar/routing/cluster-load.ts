/** How much a cluster is used at the moment. It outlives configurations, as the requests do. */
export class ClusterLoad {
  /** Attempts that run, also those that wait for a connection. */
  active = 0
  /** Those that wait for a connection. */
  pending = 0
  /** Those that are not the first of their request. */
  retrying = 0
}

/** By name of the cluster, from one configuration to the next. */
export type ClusterLoads = Map<string, ClusterLoad>
