import { PODS, SERVICES } from '../kube/resources.ts'
import { podSockets } from '../mesh/compile/pod-sockets.ts'
import type { Pod } from '../model/kubernetes-pod.ts'
import type { SocketAddress } from '../model/sidecar-config.ts'
import { containerPortOf } from './container-port.ts'
import { isLeaving, isReady } from './controllers/pod-state.ts'
import type { ObjectStore } from './store/object-store.ts'

interface ServiceName {
  readonly namespace: string
  readonly name: string
}

/**
 * Where the ready pods behind a port of a Service really listen, past their sidecars. The port is its number or
 * name; absent, the first one. Undefined: there is no such Service, or no such port.
 */
export function serviceTargets(
  store: ObjectStore,
  service: ServiceName,
  port: number | string | undefined,
): readonly SocketAddress[] | undefined {
  const { selector, ports = [] } = store.find(SERVICES, service)?.spec ?? {}
  const meant =
    port === undefined
      ? ports[0]
      : ports.find(each => String(each.port) === String(port) || each.name === port)
  if (selector === undefined || meant === undefined) return undefined
  const { items } = store.list(PODS, { namespace: service.namespace, labels: selector })
  return items
    .filter(pod => isReady(pod) && !isLeaving(pod))
    .flatMap(pod => socketOf(pod, meant.targetPort ?? meant.port) ?? [])
}

function socketOf(pod: Pod, port: number | string): SocketAddress | undefined {
  const containerPort = containerPortOf(pod, port)
  return containerPort === undefined ? undefined : podSockets(pod)?.outside(containerPort)
}
