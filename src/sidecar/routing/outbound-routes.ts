import type { SidecarConfig } from '../../model/sidecar-config.ts'
import { authorityKey, splitAuthority } from '../http/authority.ts'
import { REFUSALS, type Refusal } from '../http/refusal.ts'
import type { ClusterCounters } from '../sidecar-metrics.ts'
import { asciiJson } from '../tracing/latin1-text.ts'
import type { BalancerGround } from './balancer.ts'
import { ClusterLoad } from './cluster-load.ts'
import { clusterPolicy } from './cluster-policy.ts'
import { createBalancer } from './create-balancer.ts'
import { Endpoint } from './endpoint.ts'
import type { Route } from './route.ts'
import type { OutboundRoutes } from './tables.ts'

/** Spellings of an authority, and hosts beyond the mesh: apps can make up as many as they like. */
const MOST_REMEMBERED = 1000

/** All hosts beyond the mesh are counted together. */
export const EGRESS_CLUSTER = 'egress'

export interface OutboundRoutesOptions {
  readonly config: SidecarConfig['outbound']
  /** By name. */
  readonly clusters: ReadonlyMap<string, Route>
  readonly egressCounters: ClusterCounters
  readonly balancerGround: BalancerGround
}

const EGRESS_POLICY = clusterPolicy()

/** Where each authority leads: to its cluster, out of the mesh, or nowhere. */
export function createOutboundRoutes(options: OutboundRoutesOptions): OutboundRoutes {
  const { config, clusters } = options
  const byHost = new Map<string, Route>()
  for (const [host, cluster] of Object.entries(config.hosts)) {
    const route = clusters.get(cluster)
    if (route !== undefined) byHost.set(host, route)
  }
  const remembered = new Map<string, Route | Refusal>()

  function find(authority: string): Route | Refusal {
    return byHost.get(authority) ?? remembered.get(authority) ?? remember(authority)
  }

  function remember(authority: string): Route | Refusal {
    const key = authorityKey(authority)
    const known = byHost.get(key) ?? remembered.get(key)
    const found = known ?? (config.egress ? egressRoute(key, options) : REFUSALS.egressOff)
    if (remembered.size >= MOST_REMEMBERED) forgetOldest(remembered)
    remembered.set(authority, found)
    if (key !== authority) remembered.set(key, found)
    return found
  }

  return {
    find,
    routes: [...clusters.values()],
    retire: () => remembered.forEach(retireEgress),
  }
}

function egressRoute(key: string, options: OutboundRoutesOptions): Route {
  const target = splitAuthority(key)
  const endpoint = new Endpoint({ name: key, address: target.host, port: target.port, target })
  return {
    kind: 'route',
    cluster: key,
    clusterJson: asciiJson(key),
    protocol: 'http',
    balancer: createBalancer([{ endpoint, weight: 1 }], options.balancerGround),
    policy: EGRESS_POLICY,
    load: new ClusterLoad(),
    remoteService: target.host,
    counters: options.egressCounters,
  }
}

function forgetOldest(remembered: Map<string, Route | Refusal>): void {
  const [oldest] = remembered
  if (oldest === undefined) return
  const [key, found] = oldest
  remembered.delete(key)
  retireEgress(found)
}

function retireEgress(found: Route | Refusal): void {
  if (found.kind === 'refusal' || found.remoteService === '') return
  for (const { endpoint } of found.balancer.endpoints) endpoint.retire()
}
