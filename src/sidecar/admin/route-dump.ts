import type { JsonObject } from '../../model/json.ts'
import type { SidecarConfig } from '../../model/sidecar-config.ts'
import { REFUSALS } from '../http/refusal.ts'
import type { Tables } from '../routing/tables.ts'
import { envoyType } from './envoy-shapes.ts'

/** By authority; what no cluster has goes out of the mesh, or nowhere. */
export function outboundRouteDump({ outbound }: SidecarConfig): JsonObject {
  const domains = new Map<string, string[]>()
  for (const [host, cluster] of Object.entries(outbound.hosts)) {
    const known = domains.get(cluster)
    if (known === undefined) domains.set(cluster, [host])
    else known.push(host)
  }
  const hosts = [...domains].map(([cluster, names]) => virtualHost(cluster, names, { route: { cluster } }))
  const others: JsonObject = outbound.egress
    ? { route: { cluster_header: ':authority' } }
    : { direct_response: { status: REFUSALS.egressOff.status } }
  return routeConfig('outbound', [...hosts, virtualHost('egress', ['*'], others)])
}

/** By container port. */
export function inboundRouteDump({ inbound }: Tables): JsonObject {
  const hosts = [...inbound.byPort].map(([port, { cluster }]) =>
    virtualHost(cluster, [`*:${port}`], { route: { cluster } }),
  )
  return routeConfig('inbound', hosts)
}

function routeConfig(name: string, virtualHosts: readonly JsonObject[]): JsonObject {
  return {
    '@type': envoyType('config.route.v3.RouteConfiguration'),
    name,
    virtual_hosts: virtualHosts,
  }
}

function virtualHost(name: string, domains: readonly string[], action: JsonObject): JsonObject {
  return { name, domains, routes: [{ match: { prefix: '/' }, ...action }] }
}
