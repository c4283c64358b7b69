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

function routeText({ cluster, balancer }: Route): string {
  if (balancer.endpoints.length === 0) return `${cluster}::no endpoints\n`
  return balancer.endpoints.map(weighted => endpointText(cluster, weighted)).join('')
}

function endpointText(cluster: string, { endpoint, weight }: WeightedEndpoint): string {
  const { name, target, connections, idleConnections } = endpoint
  const prefix = `${cluster}::${name}`
  const via = target.preface === undefined ? '' : ` via ${hostPort(target.host, target.port)}`
  return (
    `${prefix}::weight::${weight}${via}\n` +
    `${prefix}::cx_active::${connections}\n` +
    `${prefix}::cx_idle::${idleConnections}\n`
  )
}
