import type { Pod } from '../../model/kubernetes-pod.ts'
import type { SocketAddress } from '../../model/sidecar-config.ts'
import { PORTS_ANNOTATION, SIDECAR_CONTAINER, SIDECAR_INBOUND_PORT } from '../well-known-names.ts'

/** Where a pod can really be reached. */
export interface PodSockets {
  readonly address: string
  /** On one machine nothing redirects connections, and container ports are virtual. */
  readonly oneMachine: boolean
  readonly hasSidecar: boolean
  /** From inside the pod: where its app listens for a container port. */
  inside(port: number): SocketAddress
  /** From outside, past the sidecar. */
  outside(port: number): SocketAddress
  /** Where the sidecar takes connections of other pods. */
  readonly sidecar: SocketAddress
}

/** Undefined as long as the pod has no address. */
export function podSockets(pod: Pod): PodSockets | undefined {
  const address = pod.status?.podIP
  if (address === undefined || address === '') return undefined
  const annotation = pod.metadata.annotations?.[PORTS_ANNOTATION]
  const real = annotation === undefined ? undefined : parsePorts(annotation)
  const own = (port: number): SocketAddress => real?.get(port) ?? { address, port }
  return {
    address,
    oneMachine: real !== undefined,
    hasSidecar: pod.spec.containers.some(container => container.name === SIDECAR_CONTAINER),
    inside: real === undefined ? port => ({ address: '127.0.0.1', port }) : own,
    outside: own,
    sidecar: own(SIDECAR_INBOUND_PORT),
  }
}

/** Entries that are none are left out: the pod's own address is then the best guess. */
function parsePorts(annotation: string): ReadonlyMap<number, SocketAddress> {
  const ports = new Map<number, SocketAddress>()
  for (const [port, socket] of Object.entries(parseObject(annotation))) {
    const { address, port: real } = objectOf(socket)
    if (typeof address === 'string' && typeof real === 'number')
      ports.set(Number(port), { address, port: real })
  }
  return ports
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  try {
    return objectOf(JSON.parse(text))
  } catch {
    return {}
  }
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> & SocketLike {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

type SocketLike = { readonly address?: unknown; readonly port?: unknown }
