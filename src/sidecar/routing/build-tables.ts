import { KisekiError } from '../../model/errors.ts'
import type { ClusterEndpoint, SidecarConfig } from '../../model/sidecar-config.ts'
import { AccessLog, type AccessLogGround } from '../access-log/access-log.ts'
import { hostPort } from '../http/authority.ts'
import { proxyLineText } from '../net/proxy-line.ts'
import type { ConnectTarget } from '../net/socket-transport.ts'
import type { SidecarMetrics } from '../sidecar-metrics.ts'
import { asciiJson } from '../tracing/latin1-text.ts'
import type { TracerGround } from '../tracing/request-tracer.ts'
import { createTracing } from '../tracing/tracing.ts'
import type { BalancerGround } from './balancer.ts'
import { ClusterLoad, type ClusterLoads } from './cluster-load.ts'
import { clusterPolicy, INBOUND_POLICY } from './cluster-policy.ts'
import { createBalancer } from './create-balancer.ts'
import { Endpoint } from './endpoint.ts'
import { createOutboundRoutes, EGRESS_CLUSTER } from './outbound-routes.ts'
import type { Route } from './route.ts'
import type { Tables } from './tables.ts'

/** Endpoints by what makes them the same place, from one configuration to the next. */
export type Endpoints = Map<string, Endpoint>

export interface BuildTablesOptions {
  readonly config: SidecarConfig
  /** Those of the tables in force; they are used again where the configuration names them again. */
  readonly previous: ReadonlyMap<string, Endpoint>
  readonly previousLoads: ReadonlyMap<string, ClusterLoad>
  readonly metrics: SidecarMetrics
  readonly tracerGround: TracerGround
  readonly balancerGround: BalancerGround
  readonly accessLogGround: AccessLogGround
}

export interface BuiltTables {
  readonly tables: Tables
  readonly endpoints: Endpoints
  readonly loads: ClusterLoads
}

/** Throws KISEKI_BAD_CONFIG where the configuration contradicts itself; nothing has changed then. */
export function buildTables(options: BuildTablesOptions): BuiltTables {
  const { config, metrics, balancerGround } = options
  checkPorts(config)
  const endpoints: Endpoints = new Map()
  const loads: ClusterLoads = new Map()
  const ground: RouteGround = {
    metrics,
    balancerGround,
    endpoint: reusing(endpoints, options.previous),
    load: cluster => reusing(loads, options.previousLoads)(cluster, () => new ClusterLoad()),
  }
  const inbound = inboundRoutes(config, ground)
  const [only, ...others] = inbound.values()
  const tables: Tables = {
    config,
    timeoutMillis: config.timeoutMillis,
    inbound: { byPort: inbound, only: others.length === 0 ? only : undefined },
    outbound: createOutboundRoutes({
      config: config.outbound,
      clusters: clusterRoutes(config, ground),
      egressCounters: metrics.cluster(EGRESS_CLUSTER),
      balancerGround,
    }),
    tracing: createTracing(config, options.tracerGround, metrics),
    accessLog:
      config.accessLog === undefined ? undefined : new AccessLog(config.accessLog, options.accessLogGround),
  }
  return { tables, endpoints, loads }
}

/** What the parser cannot see: ports are keys there. */
function checkPorts(config: SidecarConfig): void {
  for (const port of Object.keys(config.inbound.ports)) {
    if (/^[1-9]\d{0,4}$/.test(port) && Number(port) <= 65_535) continue
    throw new KisekiError('KISEKI_BAD_CONFIG', `inbound.ports["${port}"] is no port from 1 to 65535`)
  }
}

interface RouteGround {
  readonly metrics: SidecarMetrics
  readonly balancerGround: BalancerGround
  readonly endpoint: (key: string, make: () => Endpoint) => Endpoint
  readonly load: (cluster: string) => ClusterLoad
}

/** What is there already is taken again, what is not is made; both are in `now` then. */
function reusing<T>(now: Map<string, T>, before: ReadonlyMap<string, T>) {
  return (key: string, make: () => T): T => {
    const found = now.get(key) ?? before.get(key) ?? make()
    now.set(key, found)
    return found
  }
}

function inboundRoutes(config: SidecarConfig, ground: RouteGround): Map<number, Route> {
  const routes = new Map<number, Route>()
  for (const [port, inbound] of Object.entries(config.inbound.ports)) {
    const { address, port: targetPort } = inbound.target
    const name = hostPort(address, targetPort)
    const endpoint = ground.endpoint(
      `inbound ${name}`,
      () => new Endpoint({ name, address, port: targetPort, target: { host: address, port: targetPort } }),
    )
    routes.set(Number(port), {
      kind: 'route',
      cluster: inbound.cluster,
      clusterJson: asciiJson(inbound.cluster),
      protocol: inbound.protocol,
      balancer: createBalancer([{ endpoint, weight: 1 }], ground.balancerGround),
      policy: INBOUND_POLICY,
      load: ground.load(inbound.cluster),
      remoteService: '',
      counters: ground.metrics.cluster(inbound.cluster),
    })
  }
  return routes
}

function clusterRoutes(config: SidecarConfig, ground: RouteGround): Map<string, Route> {
  const routes = new Map<string, Route>()
  for (const [cluster, { protocol, endpoints, settings }] of Object.entries(config.outbound.clusters)) {
    const weighted = endpoints.map(configured => ({
      weight: configured.weight,
      endpoint: ground.endpoint(endpointKey(configured), () =>
        meshEndpoint(configured, config.identity.address),
      ),
    }))
    routes.set(cluster, {
      kind: 'route',
      cluster,
      clusterJson: asciiJson(cluster),
      protocol,
      balancer: createBalancer(weighted, ground.balancerGround),
      policy: clusterPolicy(settings),
      load: ground.load(cluster),
      remoteService: '',
      counters: ground.metrics.cluster(cluster),
    })
  }
  return routes
}

function endpointKey({ address, port, via }: ClusterEndpoint): string {
  const place = `outbound ${hostPort(address, port)}`
  return via === undefined ? place : `${place} via ${hostPort(via.address, via.port)}`
}

function meshEndpoint(configured: ClusterEndpoint, ownAddress: string): Endpoint {
  const { address, port } = configured
  return new Endpoint({
    name: hostPort(address, port),
    address,
    port,
    target: targetOf(configured, ownAddress),
  })
}

function targetOf({ address, port, via }: ClusterEndpoint, ownAddress: string): ConnectTarget {
  if (via === undefined) return { host: address, port }
  return {
    host: via.address,
    port: via.port,
    preface: localPort =>
      proxyLineText({
        sourceAddress: ownAddress,
        sourcePort: localPort,
        destinationAddress: address,
        destinationPort: port,
      }),
  }
}
