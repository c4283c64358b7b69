import { podSockets } from '../../../mesh/compile/pod-sockets.ts'
import type { ContainerStatus, Pod } from '../../../model/kubernetes-pod.ts'
import type { ContainerProcesses } from './container-processes.ts'

/** A pod as `osm ps` shows it. */
export interface PodRow {
  readonly namespace: string
  readonly pod: string
  readonly ready: number
  readonly containers: number
  /** In the words of `kubectl get pods`. */
  readonly status: string
  /** Those that run, by container. */
  readonly processes: Readonly<Record<string, number>>
  /** Where its sidecar takes requests from outside of the pod: `http://127.64.0.3:15003`. */
  readonly sidecar?: string
}

export function podRow(pod: Pod, processes: ContainerProcesses): PodRow {
  const { name, namespace = '', uid = '' } = pod.metadata
  const statuses = pod.status?.containerStatuses ?? []
  const entry = sidecarEntry(pod)
  const own = pod.spec.containers.flatMap(container => {
    const pid = processes.get(`${uid}/${container.name}`)
    return pid === undefined ? [] : [[container.name, pid] as const]
  })
  return {
    namespace,
    pod: name,
    ready: statuses.filter(({ ready }) => ready).length,
    containers: pod.spec.containers.length,
    status: statusText(pod),
    processes: Object.fromEntries(own),
    ...(entry === undefined ? {} : { sidecar: entry }),
  }
}

/** Requests to there come through the sidecar, so that it makes spans of them. Undefined: it has none, or no address yet. */
export function sidecarEntry(pod: Pod): string | undefined {
  const sockets = podSockets(pod)
  if (sockets === undefined || !sockets.hasSidecar) return undefined
  const { address, port } = sockets.sidecar
  return `http://${address.includes(':') ? `[${address}]` : address}:${port}`
}

function statusText({ metadata, status }: Pod): string {
  if (metadata.deletionTimestamp !== undefined) return 'Terminating'
  const statuses = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])]
  const [first] = statuses.flatMap(one => reasonOf(one) ?? [])
  return first ?? status?.reason ?? status?.phase ?? 'Pending'
}

/** Undefined for one that runs, or ended well. */
function reasonOf({ state }: ContainerStatus): string | undefined {
  const { waiting, terminated } = state
  if (waiting !== undefined) return waiting.reason
  return terminated === undefined || terminated.exitCode === 0 ? undefined : terminated.reason
}
