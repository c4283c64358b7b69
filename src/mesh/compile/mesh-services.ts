import type { EndpointAddress, Endpoints, Service, ServicePort } from '../../model/kubernetes.ts'
import type { Pod } from '../../model/kubernetes-pod.ts'
import type { ClusterEndpoint, Protocol, SocketAddress } from '../../model/sidecar-config.ts'
import type { MeshSnapshot } from './mesh-snapshot.ts'
import { type PodDirectory, podDirectory } from './pod-directory.ts'
import { podSockets } from './pod-sockets.ts'
import { protocolOf } from './protocol.ts'
import { byText } from './text-order.ts'

/** A Service with all that belongs to it looked up. */
export interface MeshService {
  readonly namespace: string
  readonly name: string
  readonly selector: Readonly<Record<string, string>>
  /** Absent where the Service has no address of its own. */
  readonly clusterAddress?: string
  readonly ports: readonly MeshPort[]
}

export interface MeshPort {
  readonly written: ServicePort
  readonly number: number
  /** The container port, as a number. */
  readonly target: number
  readonly protocol: Protocol
  /** `<namespace>/<name>` of the Service. */
  readonly service: string
  /** osm-edge's name, `<namespace>/<service>|<target port>`. */
  readonly cluster: string
  /** Those that are ready, by address. */
  readonly backends: readonly Backend[]
}

interface Backend {
  readonly endpoint: ClusterEndpoint
  /** Where the app listens, past its sidecar. */
  readonly socket: SocketAddress
  /** Its own name below a headless Service. */
  readonly hostname?: string
}

const WEIGHT = 100

/** In the order of namespaces and names. */
export function meshServices(snapshot: MeshSnapshot): readonly MeshService[] {
  const pods = podDirectory(snapshot.pods)
  const endpoints = new Map(snapshot.endpoints.map(object => [keyOf(object), object]))
  return [...snapshot.services]
    .sort((a, b) => byText(keyOf(a), keyOf(b)))
    .map(service => meshService(service, { endpoints: endpoints.get(keyOf(service)), pods }))
}

function keyOf(object: Service | Endpoints): string {
  return `${object.metadata.namespace ?? 'default'}/${object.metadata.name}`
}

/** What stands behind a Service. */
interface Backing {
  readonly endpoints: Endpoints | undefined
  readonly pods: PodDirectory
}

function meshService(service: Service, backing: Backing): MeshService {
  const { clusterIP = '', selector = {}, ports = [] } = service.spec
  const tcp = ports
    .filter(port => (port.protocol ?? 'TCP') === 'TCP')
    .map(port => meshPort(service, port, backing))
  return {
    namespace: service.metadata.namespace ?? 'default',
    name: service.metadata.name,
    selector,
    ...(clusterIP === '' || clusterIP === 'None' ? {} : { clusterAddress: clusterIP }),
    ports: tcp.sort((a, b) => a.number - b.number),
  }
}

function meshPort(service: Service, written: ServicePort, { endpoints, pods }: Backing): MeshPort {
  const subsets = subsetsOf(service, written, endpoints)
  const target = targetNumber(written, subsets)
  return {
    written,
    service: keyOf(service),
    number: written.port,
    target,
    protocol: protocolOf(written),
    cluster: `${keyOf(service)}|${target}`,
    backends: backends(subsets, pods),
  }
}

interface Subset {
  readonly port: number
  readonly addresses: readonly EndpointAddress[]
}

/** Ports of Endpoints bear the names of the Service's; one that is alone needs no name. */
function subsetsOf(
  service: Service,
  written: ServicePort,
  endpoints: Endpoints | undefined,
): readonly Subset[] {
  const alone = service.spec.ports?.length === 1
  return (endpoints?.subsets ?? []).flatMap(({ ports = [], addresses = [] }) =>
    ports
      .filter(port => (port.protocol ?? 'TCP') === 'TCP')
      .filter(port => (port.name ?? '') === (written.name ?? '') || (alone && ports.length === 1))
      .map(({ port }) => ({ port, addresses })),
  )
}

/** The number of a named port is known from the Endpoints; before there are any, the Service's own must do. */
function targetNumber(written: ServicePort, subsets: readonly Subset[]): number {
  const { targetPort = written.port } = written
  if (typeof targetPort === 'number') return targetPort
  const known = subsets.map(subset => subset.port)
  return known.length === 0 ? written.port : Math.min(...known)
}

function backends(subsets: readonly Subset[], pods: PodDirectory): readonly Backend[] {
  const found = new Map<string, Backend>()
  for (const { port, addresses } of subsets) {
    for (const address of addresses)
      found.set(`${address.ip}|${port}`, backend(address, port, pods.of(address)))
  }
  return [...found].sort(([a], [b]) => byText(a, b)).map(([, value]) => value)
}

function backend(address: EndpointAddress, port: number, pod: Pod | undefined): Backend {
  const hostname = address.hostname === undefined ? {} : { hostname: address.hostname }
  const plain = { address: address.ip, port }
  const sockets = pod === undefined ? undefined : podSockets(pod)
  if (sockets === undefined || !sockets.oneMachine)
    return { ...hostname, endpoint: { ...plain, weight: WEIGHT }, socket: plain }
  const socket = sockets.outside(port)
  const endpoint = sockets.hasSidecar
    ? { ...plain, weight: WEIGHT, via: sockets.sidecar }
    : { ...socket, weight: WEIGHT }
  return { ...hostname, endpoint, socket }
}
