import type { JsonObject } from '../../model/json.ts'
import type { SidecarConfig, TracingConfig } from '../../model/sidecar-config.ts'
import { CONNECT_MILLIS } from '../export/post-batch.ts'
import type { WeightedEndpoint } from '../routing/balancer.ts'
import type { Route } from '../routing/route.ts'
import { envoyType, socketAddress } from './envoy-shapes.ts'

/** Name under which osm-edge's documentation tells people to look for the tracing address. */
export const TRACING_CLUSTER = 'pipy-tracing-cluster'

/** The collector first, where there is one; then where requests go. */
export function clusterDumps(config: SidecarConfig, routes: readonly Route[]): readonly JsonObject[] {
  const { tracing } = config
  return [...(tracing === undefined ? [] : [tracingCluster(tracing)]), ...routes.map(routeCluster)]
}

/** As it is written in the MeshConfig, wherever that leads. */
function tracingCluster({ address, port }: TracingConfig): JsonObject {
  return cluster({
    name: TRACING_CLUSTER,
    type: 'LOGICAL_DNS',
    connectMillis: CONNECT_MILLIS,
    endpoints: [{ endpoint: { address: socketAddress({ address, port }) } }],
  })
}

function routeCluster({ cluster: name, protocol, balancer, policy }: Route): JsonObject {
  const endpoints = balancer.endpoints.map(endpointDump)
  const { connectMillis } = policy
  return {
    ...cluster({ name, type: 'STATIC', connectMillis, endpoints }),
    lb_policy: 'LEAST_REQUEST',
    circuit_breakers: {
      thresholds: [
        {
          max_connections: policy.maxConnections,
          max_pending_requests: policy.maxPendingRequests,
          max_requests: policy.maxRequests,
        },
      ],
    },
    metadata: { filter_metadata: { kiseki: { protocol } } },
  }
}

function endpointDump({ endpoint, weight }: WeightedEndpoint): JsonObject {
  const { address, port, target } = endpoint
  const via = { address: target.host, port: target.port }
  return {
    endpoint: { address: socketAddress({ address, port }) },
    load_balancing_weight: weight,
    ...(target.preface === undefined
      ? {}
      : { metadata: { filter_metadata: { kiseki: { via: socketAddress(via) } } } }),
  }
}

interface ClusterFacts {
  readonly name: string
  readonly type: 'LOGICAL_DNS' | 'STATIC'
  readonly connectMillis: number
  readonly endpoints: readonly JsonObject[]
}

function cluster({ name, type, connectMillis, endpoints }: ClusterFacts): JsonObject {
  return {
    '@type': envoyType('config.cluster.v3.Cluster'),
    name,
    type,
    connect_timeout: `${connectMillis / 1000}s`,
    alt_stat_name: name,
    load_assignment: { cluster_name: name, endpoints: [{ lb_endpoints: endpoints }] },
  }
}
