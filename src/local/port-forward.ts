import type { KubeClient } from '../kube/client.ts'
import { unlessAbsent } from '../kube/kube-errors.ts'
import { PODS, SERVICES } from '../kube/resources.ts'
import { podSockets } from '../mesh/compile/pod-sockets.ts'
import type { Pod } from '../model/kubernetes-pod.ts'
import type { SocketAddress } from '../model/sidecar-config.ts'
import type { Logger } from '../runtime/logger.ts'
import { containerPortOf } from './container-port.ts'
import { isLeaving, isReady } from './controllers/pod-state.ts'
import { type ListenAddress, startTcpRelay, type TcpRelay } from './tcp-relay.ts'

/** The port of a Service, or a container port of the pods with these labels; by number or name. */
export type ForwardTarget =
  | { readonly namespace: string; readonly service: string; readonly port: number | string }
  | {
      readonly namespace: string
      readonly labels: Readonly<Record<string, string>>
      readonly port: number | string
    }

export type PortForward = TcpRelay
export type { ListenAddress }

export interface PortForwardOptions {
  readonly client: KubeClient
  readonly logger: Logger
  readonly listen: ListenAddress
  readonly target: ForwardTarget
}

/**
 * Takes TCP connections, each to a ready pod as it is at that moment: pods come and go behind it. A connection for
 * which there is none is closed.
 */
export function startPortForward(options: PortForwardOptions): Promise<PortForward> {
  const { client, target, logger, listen } = options
  return startTcpRelay({ listen, logger, targets: () => findTargets(client, target) })
}

/** The sockets of the ready pods of a target, past their sidecars. */
export async function findTargets(
  client: KubeClient,
  target: ForwardTarget,
): Promise<readonly SocketAddress[]> {
  const { namespace } = target
  const behind = 'labels' in target ? target : await behindService(client, target)
  if (behind === undefined) return []
  const pods = await client.list(PODS, { namespace, labels: behind.labels })
  return pods.items
    .filter(pod => isReady(pod) && !isLeaving(pod))
    .flatMap(pod => socketOf(pod, behind.port) ?? [])
}

async function behindService(
  client: KubeClient,
  { namespace, service, port }: Extract<ForwardTarget, { readonly service: string }>,
): Promise<
  { readonly labels: Readonly<Record<string, string>>; readonly port: number | string } | undefined
> {
  const found = await unlessAbsent(client.get(SERVICES, { namespace, name: service }))
  const { selector, ports = [] } = found?.spec ?? {}
  const servicePort = ports.find(each => each.port === port || each.name === port)
  if (selector === undefined || servicePort === undefined) return undefined
  return { labels: selector, port: servicePort.targetPort ?? servicePort.port }
}

/** Past the sidecar, if there is one. */
function socketOf(pod: Pod, port: number | string): SocketAddress | undefined {
  const containerPort = containerPortOf(pod, port)
  return containerPort === undefined ? undefined : podSockets(pod)?.outside(containerPort)
}
