import type { EndpointAddress } from '../../model/kubernetes.ts'
import type { Pod } from '../../model/kubernetes-pod.ts'

/** Finds the pod behind an address of Endpoints. */
export interface PodDirectory {
  of(address: EndpointAddress): Pod | undefined
}

export function podDirectory(pods: readonly Pod[]): PodDirectory {
  const byName = new Map(pods.map(pod => [`${pod.metadata.namespace}/${pod.metadata.name}`, pod]))
  const byAddress = new Map(pods.filter(ownsItsAddress).map(pod => [pod.status?.podIP, pod]))
  return {
    of({ ip, targetRef }) {
      if (targetRef?.kind !== 'Pod') return byAddress.get(ip)
      return byName.get(`${targetRef.namespace}/${targetRef.name}`)
    },
  }
}

/** A pod that ended leaves its address to others, and on the host's network several have the same. */
function ownsItsAddress(pod: Pod): boolean {
  const ended = pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed'
  return pod.status?.podIP !== undefined && !ended && pod.spec.hostNetwork !== true
}
