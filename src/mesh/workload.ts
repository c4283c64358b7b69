import type { Pod } from '../model/kubernetes-pod.ts'

export interface Workload {
  /** `Deployment`, `StatefulSet`, `Job` …; `Pod` for one that nothing controls. */
  readonly kind: string
  readonly name: string
}

const HASH_LABEL = 'pod-template-hash'
/** The letters and digits of which Kubernetes makes hashes (k8s.io/apimachinery/pkg/util/rand): no vowels. */
const HASH_SUFFIX = /-[bcdfghjklmnpqrstvwxz2456789]{6,10}$/

/** What a person would say that the pod belongs to: for a ReplicaSet of a Deployment, the Deployment. */
export function workloadOf(pod: Pick<Pod, 'metadata'>): Workload {
  const owners = pod.metadata.ownerReferences ?? []
  const owner = owners.find(candidate => candidate.controller === true) ?? owners[0]
  if (owner === undefined) return { kind: 'Pod', name: pod.metadata.name }
  if (owner.kind !== 'ReplicaSet') return { kind: owner.kind, name: owner.name }
  const name = withoutHash(owner.name, pod.metadata.labels?.[HASH_LABEL])
  return name === owner.name ? { kind: owner.kind, name } : { kind: 'Deployment', name }
}

function withoutHash(name: string, hash: string | undefined): string {
  if (hash === undefined || hash === '') return name.replace(HASH_SUFFIX, '')
  return name.endsWith(`-${hash}`) ? name.slice(0, -hash.length - 1) : name
}
