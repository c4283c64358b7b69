import { hasLabels } from '../../kube/selection.ts'
import type { EndpointAddress, EndpointPort, EndpointSubset, Service } from '../../model/kubernetes.ts'
import type { Pod } from '../../model/kubernetes-pod.ts'
import { containerPortOf } from '../container-port.ts'
import { hasEnded, isLeaving, isReady } from './pod-state.ts'

/**
 * The addresses behind a Service: of the pods that it selects and that have one, in subsets of those whose ports
 * have the same numbers (a port's name may mean another number in each pod).
 */
export function serviceSubsets(service: Service, pods: readonly Pod[]): readonly EndpointSubset[] {
  const { selector } = service.spec
  if (selector === undefined) return []
  const subsets = new Map<string, { ports: readonly EndpointPort[]; ready: Pod[]; notReady: Pod[] }>()
  for (const pod of pods) {
    if (!hasLabels(pod.metadata.labels, selector) || !isReachable(pod)) continue
    const ports = portsIn(service, pod)
    const key = JSON.stringify(ports)
    const subset = subsets.get(key) ?? { ports, ready: [], notReady: [] }
    subsets.set(key, subset)
    ;(isReady(pod) ? subset.ready : subset.notReady).push(pod)
  }
  return [...subsets.values()].map(({ ports, ready, notReady }) => ({
    ...(ready.length === 0 ? {} : { addresses: ready.flatMap(addressOf) }),
    ...(notReady.length === 0 ? {} : { notReadyAddresses: notReady.flatMap(addressOf) }),
    ports,
  }))
}

/** Whether a Service's Endpoints are made here; without selector somebody else makes them. */
export function hasEndpoints(service: Service): boolean {
  return service.spec.selector !== undefined && service.spec.type !== 'ExternalName'
}

function isReachable(pod: Pod): boolean {
  return pod.status?.podIP !== undefined && !isLeaving(pod) && !hasEnded(pod)
}

function portsIn(service: Service, pod: Pod): readonly EndpointPort[] {
  return (service.spec.ports ?? []).flatMap(({ port, targetPort, name, protocol, appProtocol }) => {
    const number = containerPortOf(pod, targetPort ?? port)
    if (number === undefined) return []
    return [
      {
        ...(name === undefined ? {} : { name }),
        port: number,
        protocol: protocol ?? 'TCP',
        ...(appProtocol === undefined ? {} : { appProtocol }),
      },
    ]
  })
}

function addressOf(pod: Pod): readonly EndpointAddress[] {
  const { name, namespace, uid } = pod.metadata
  const ip = pod.status?.podIP
  if (ip === undefined || namespace === undefined || uid === undefined) return []
  return [{ ip, targetRef: { kind: 'Pod', namespace, name, uid } }]
}
