import type { Metrics } from '../runtime/metrics.ts'
import type { Route } from './routing/route.ts'
import type { Tables } from './routing/tables.ts'

/** What runs at each cluster of the tables in force; hosts beyond the mesh are left out. */
export function registerClusterGauges(metrics: Metrics, tables: () => Tables | undefined): void {
  const gauge = (name: string, help: string, read: (route: Route) => number): void =>
    metrics.gauge(`sidecar_cluster_${name}`, help, () =>
      routesOf(tables()).map(route => ({
        labels: { sidecar_cluster_name: route.cluster },
        value: read(route),
      })),
    )
  gauge('upstream_rq_active', 'Requests that run.', route => route.load.active)
  gauge('upstream_rq_pending_active', 'Requests that wait for a connection.', route => route.load.pending)
  gauge('upstream_cx_active', 'Connections to endpoints.', connections)
  gauge('outlier_detection_ejections_active', 'Endpoints that get no requests for a while.', ejected)
}

function routesOf(tables: Tables | undefined): readonly Route[] {
  return tables === undefined ? [] : [...tables.outbound.routes, ...tables.inbound.byPort.values()]
}

function connections({ balancer }: Route): number {
  return balancer.endpoints.reduce((sum, { endpoint }) => sum + endpoint.connections, 0)
}

function ejected({ balancer }: Route): number {
  const now = balancer.now()
  return balancer.endpoints.filter(({ endpoint }) => endpoint.isEjected(now)).length
}
