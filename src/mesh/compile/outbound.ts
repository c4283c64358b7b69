import type { Cluster, ClusterSettings, OutboundConfig } from '../../model/sidecar-config.ts'
import { authorities, wideNames } from './host-names.ts'
import type { MeshPort, MeshService } from './mesh-services.ts'
import { sortedRecord } from './text-order.ts'

/** Which port of the mesh an authority means: to pods of any namespace, and to those of one. */
export interface HostTable {
  find(authority: string, namespace: string): MeshPort | undefined
  /** All that pods of the namespace can write. */
  entries(namespace: string): Iterable<readonly [string, MeshPort]>
}

export function hostTable(services: readonly MeshService[]): HostTable {
  const wide = new Map<string, MeshPort>()
  const near = new Map<string, Map<string, MeshPort>>()
  const addNear = (namespace: string, host: string, port: MeshPort): void => {
    const table = near.get(namespace) ?? new Map<string, MeshPort>()
    near.set(namespace, table)
    addHost(table, host, port)
  }
  for (const service of services) {
    for (const port of service.ports) {
      for (const name of wideNames(service.name, service.namespace)) addHost(wide, name, port)
      if (service.clusterAddress !== undefined) addHost(wide, service.clusterAddress, port)
      addNear(service.namespace, service.name, port)
    }
  }
  // After the Services, whose names they may equal: `a.b` is a Service of namespace b before it is pod a of Service b.
  for (const service of services) {
    for (const { hostname, port } of podPorts(service)) {
      const name = `${hostname}.${service.name}`
      for (const host of wideNames(name, service.namespace)) addHost(wide, host, port)
      addNear(service.namespace, name, port)
    }
  }
  return {
    find: (authority, namespace) => wide.get(authority) ?? near.get(namespace)?.get(authority),
    entries: namespace => [...(near.get(namespace) ?? []), ...wide],
  }
}

/** The pods of a StatefulSet can be called one by one. Each port of each is a cluster of its own. */
function podPorts(service: MeshService): readonly { hostname: string; port: MeshPort }[] {
  if (service.clusterAddress !== undefined) return []
  return service.ports.flatMap(port =>
    port.backends.flatMap(backend => {
      const { hostname } = backend
      if (hostname === undefined) return []
      const cluster = `${service.namespace}/${hostname}.${service.name}|${port.target}`
      return [{ hostname, port: { ...port, cluster, backends: [backend] } }]
    }),
  )
}

/** The first one stays. */
function addHost(table: Map<string, MeshPort>, host: string, port: MeshPort): void {
  for (const authority of authorities(host.toLowerCase(), port.number))
    if (!table.has(authority)) table.set(authority, port)
}

export interface OutboundOptions {
  readonly egress: boolean
  /**
   * Every Service may be called. Otherwise only access policies open ways, and as none is compiled yet, none is
   * open: to let everybody through would be the wrong mistake.
   */
  readonly permissive: boolean
  /** What was written about a service, by `<namespace>/<name>`. */
  readonly settingsOf: (service: string) => ClusterSettings | undefined
}

/** What the sidecars of a namespace send where. */
export function compileOutbound(
  hosts: HostTable,
  namespace: string,
  options: OutboundOptions,
): OutboundConfig {
  const entries = options.permissive ? [...hosts.entries(namespace)] : []
  const ports = new Map(entries.map(([, port]) => [port.cluster, port]))
  return {
    hosts: sortedRecord(entries.map(([authority, port]) => [authority, port.cluster])),
    clusters: sortedRecord(
      [...ports].map(([cluster, port]) => [cluster, compileCluster(port, options.settingsOf(port.service))]),
    ),
    egress: options.egress,
  }
}

function compileCluster(port: MeshPort, settings: ClusterSettings | undefined): Cluster {
  return {
    protocol: port.protocol,
    endpoints: port.backends.map(backend => backend.endpoint),
    ...(settings === undefined ? {} : { settings }),
  }
}
