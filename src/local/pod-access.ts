import { connect, type Socket } from 'node:net'
import type { ObjectName } from '../kube/client.ts'
import { KubeFailure } from '../kube/kube-failure.ts'
import { PODS, SERVICES } from '../kube/resources.ts'
import type { SocketAddress } from '../model/sidecar-config.ts'
import type { LogOptions, ReadLogs } from './http/pod-logs.ts'
import type { PodSockets } from './http/pod-sockets.ts'
import type { LocalMachine } from './machine.ts'
import { serviceTargets } from './service-targets.ts'
import type { ObjectStore } from './store/object-store.ts'
import { notFound } from './store/store-errors.ts'
import type { PodStreamTarget } from './streams/pod-stream-target.ts'

/** What the API server needs of the pods as they run. */
export interface PodAccess {
  readonly readLogs: ReadLogs
  readonly sockets: PodSockets
  readonly streams: PodStreamTarget
}

/** The machine starts after the server that leads to it: its pods speak to the server. */
export function createPodAccess(store: ObjectStore, machine: () => LocalMachine | undefined): PodAccess {
  const running = (): LocalMachine => {
    const found = machine()
    if (found !== undefined) return found
    throw new KubeFailure('ServiceUnavailable', 'the machine that runs the pods is not there')
  }
  return {
    readLogs: (pod, container, options) => running().readLogs(pod, container, logRange(options)),
    sockets: {
      ofPod: (pod, port) => running().connectToPod(pod, port ?? firstPort(store, pod)),
      ofService: (service, port) => connectToService(store, service, port),
    },
    streams: {
      connect: (pod, port) => running().connectToPod(pod, port),
      exec: ({ pod, container, command, stdin, tty }) =>
        running().execInContainer(pod, container ?? firstContainer(store, pod), command, { stdin, tty }),
      attach: ({ pod, container, stdin, tty }) =>
        running().attachToContainer(pod, container ?? firstContainer(store, pod), { stdin, tty }),
    },
  }
}

/** As kubelet has it: of one start of the container. */
function logRange({ previous, ...options }: LogOptions): Parameters<LocalMachine['readLogs']>[2] {
  return { ...options, run: previous ? 'previous' : 'current' }
}

function firstPort(store: ObjectStore, pod: ObjectName): number {
  const ports = store.get(PODS, pod).spec.containers.flatMap(container => container.ports ?? [])
  const [first] = ports
  if (first !== undefined) return first.containerPort
  throw new KubeFailure('BadRequest', `pod ${pod.name} has no port: name one, as in ${pod.name}:8080`)
}

/** As `kubectl exec` has it, without `-c`. */
const DEFAULT_CONTAINER = 'kubectl.kubernetes.io/default-container'

function firstContainer(store: ObjectStore, name: ObjectName): string | undefined {
  const { metadata, spec } = store.get(PODS, name)
  return metadata.annotations?.[DEFAULT_CONTAINER] ?? spec.containers[0]?.name
}

async function connectToService(
  store: ObjectStore,
  service: { readonly namespace: string; readonly name: string },
  port: number | string | undefined,
): Promise<Socket> {
  const targets = serviceTargets(store, service, port)
  if (targets === undefined) {
    store.get(SERVICES, service)
    throw notFound(SERVICES, service.name)
  }
  const [first] = targets
  if (first !== undefined) return connected(first)
  throw new KubeFailure('ServiceUnavailable', `no endpoints available for service "${service.name}"`)
}

function connected({ address, port }: SocketAddress): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: address, port })
    socket.once('connect', () => resolve(socket))
    socket.once('error', error =>
      reject(new KubeFailure('ServiceUnavailable', `error trying to reach service: ${error.message}`)),
    )
  })
}
