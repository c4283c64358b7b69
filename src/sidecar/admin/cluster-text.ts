import { hostPort } from '../http/authority.ts'
import type { WeightedEndpoint } from '../routing/balancer.ts'
import type { Route } from '../routing/route.ts'
import type { Tables } from '../routing/tables.ts'
import { TRACING_CLUSTER } from './cluster-dump.ts'

/** `<cluster>::<endpoint>::<fact>::<value>`, a line each, as Envoy's `/clusters`. */
export function clusterText({ config, outbound, inbound }: Tables): string {
  const { tracing } = config
  const collector =
    tracing === undefined
      ? ''
      : `${TRACING_CLUSTER}::${hostPort(tracing.address, tracing.port)}::endpoint::${tracing.endpoint}\n`
  return collector + [...outbound.routes, ...inbound.byPort.values()].map(routeText).join('')
}

function routeText(route: Route): string {
  const { cluster, balancer } = route
  if (balancer.endpoints.length === 0) return `${cluster}::no endpoints\n`
  const now = balancer.now()
  return balancer.endpoints.map(each => endpointText(cluster, each, now)).join('') + loadText(route)
}

/** How much runs, and how much may. */
function loadText({ cluster, load, policy }: Route): string {
  const limits = `${cluster}::default_priority`
  return (
    `${cluster}::rq_active::${load.active}\n` +
    `${cluster}::rq_pending::${load.pending}\n` +
    `${limits}::max_connections::${policy.maxConnections}\n` +
    `${limits}::max_pending_requests::${policy.maxPendingRequests}\n` +
    `${limits}::max_requests::${policy.maxRequests}\n`
  )
}

function endpointText(cluster: string, { endpoint, weight }: WeightedEndpoint, now: number): string {
  const { name, target, connections, idleConnections } = endpoint
  const prefix = `${cluster}::${name}`
  const via = target.preface === undefined ? '' : ` via ${hostPort(target.host, target.port)}`
  return (
    `${prefix}::weight::${weight}${via}\n` +
    `${prefix}::cx_active::${connections}\n` +
    `${prefix}::cx_idle::${idleConnections}\n` +
    `${prefix}::rq_active::${endpoint.active}\n` +
    `${prefix}::health_flags::${endpoint.isEjected(now) ? '/failed_outlier_check' : 'healthy'}\n`
  )
}
