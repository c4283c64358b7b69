import type { EndpointAddress, Endpoints, Namespace, Service, ServicePort } from '../../model/kubernetes.ts'
import type { Container, Pod } from '../../model/kubernetes-pod.ts'
import type { SocketAddress } from '../../model/sidecar-config.ts'
import { MONITORED_BY_LABEL, PORTS_ANNOTATION, SIDECAR_CONTAINER } from '../well-known-names.ts'

/** Objects as a cluster would hold them, for tests. */

export function namespaceObject(name: string, mesh?: string): Namespace {
  const labels = mesh === undefined ? {} : { [MONITORED_BY_LABEL]: mesh }
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } }
}

export interface PodOptions {
  readonly namespace: string
  /** Of the Deployment; its pod is `<name>-<hash>-<letters>`. */
  readonly name: string
  readonly address?: string
  readonly labels?: Readonly<Record<string, string>>
  readonly ports?: readonly number[]
  readonly sidecar?: boolean
  /** The pod runs on one machine, and its apps listen there. */
  readonly sockets?: Readonly<Record<number, SocketAddress>>
}

const HASH = '6b8f9c7d4b'

export function podObject(options: PodOptions): Pod {
  const { namespace, name, address, sockets } = options
  const app: Container = {
    name,
    image: `test/${name}`,
    ports: (options.ports ?? []).map(containerPort => ({ containerPort })),
  }
  const sidecar: Container = {
    name: SIDECAR_CONTAINER,
    image: 'test/sidecar',
    ports: [{ containerPort: 15003 }],
  }
  const annotations = sockets === undefined ? {} : { [PORTS_ANNOTATION]: JSON.stringify(sockets) }
  const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: `${name}-${HASH}`, uid: `uid-rs-${name}` }
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `${name}-${HASH}-x7k2p`,
      namespace,
      uid: `uid-${name}`,
      labels: { app: name, 'pod-template-hash': HASH, ...options.labels },
      annotations,
      ownerReferences: [{ ...owner, controller: true }],
    },
    spec: { serviceAccountName: name, containers: options.sidecar === false ? [app] : [app, sidecar] },
    ...(address === undefined ? {} : { status: { phase: 'Running', podIP: address } }),
  }
}

export interface ServiceOptions {
  readonly namespace: string
  readonly name: string
  readonly selector: Readonly<Record<string, string>>
  readonly ports: readonly ServicePort[]
  readonly clusterIP?: string
}

export function serviceObject({ namespace, name, ...spec }: ServiceOptions): Service {
  return { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace }, spec }
}

/** What the controller of Endpoints makes of a Service and the pods that are ready. */
export function endpointsObject(service: Service, pods: readonly Pod[]): Endpoints {
  const { name, namespace = 'default' } = service.metadata
  const addresses = pods.flatMap(pod => endpointAddress(pod, namespace))
  const ports = (service.spec.ports ?? []).map(port => ({
    ...(port.name === undefined ? {} : { name: port.name }),
    port: typeof port.targetPort === 'number' ? port.targetPort : port.port,
    protocol: 'TCP',
  }))
  return {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: { name, namespace },
    subsets: addresses.length === 0 ? [] : [{ addresses, ports }],
  }
}

function endpointAddress(pod: Pod, namespace: string): readonly EndpointAddress[] {
  const ip = pod.status?.podIP
  if (ip === undefined) return []
  return [{ ip, targetRef: { kind: 'Pod', name: pod.metadata.name, namespace } }]
}
