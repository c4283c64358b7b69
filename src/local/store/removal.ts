import type { RemoveOptions } from '../../kube/client.ts'
import { NAMESPACES, PODS, type Resource } from '../../kube/resources.ts'
import type { KubeObject, PodSpec } from '../../model/kubernetes.ts'
import { kubeTime } from '../kube-time.ts'
import { sameResource } from './resource-key.ts'

export interface Removal extends RemoveOptions {
  readonly resourceVersion?: string
}

const DEFAULT_GRACE_SECONDS = 30

/** The object as it is when it shall go: with the time by which it does. The old one, if that is said already. */
export function removed(
  resource: Resource,
  old: KubeObject,
  removal: Removal,
  nowMicros: number,
): KubeObject {
  const wanted = graceSeconds(resource, old, removal.gracePeriodSeconds)
  const { deletionTimestamp, deletionGracePeriodSeconds = wanted } = old.metadata
  if (deletionTimestamp !== undefined && wanted >= deletionGracePeriodSeconds) return old
  const metadata = {
    ...old.metadata,
    deletionTimestamp: kubeTime(nowMicros + wanted * 1_000_000),
    deletionGracePeriodSeconds: wanted,
  }
  const terminating = sameResource(resource, NAMESPACES) ? { status: { phase: 'Terminating' } } : {}
  return { ...old, ...terminating, metadata }
}

/** Whether nothing holds it any more. */
export function isDeleted(object: KubeObject, holdsContent: boolean): boolean {
  const { deletionTimestamp, deletionGracePeriodSeconds = 0, finalizers = [] } = object.metadata
  return (
    deletionTimestamp !== undefined &&
    deletionGracePeriodSeconds === 0 &&
    finalizers.length === 0 &&
    !holdsContent
  )
}

/** Only what runs on a node needs time to end. */
function graceSeconds(resource: Resource, object: KubeObject, requested: number | undefined): number {
  if (!sameResource(resource, PODS) || !('spec' in object)) return 0
  const { nodeName, terminationGracePeriodSeconds }: Partial<PodSpec> = object.spec ?? {}
  if (nodeName === undefined) return 0
  return Math.max(0, requested ?? terminationGracePeriodSeconds ?? DEFAULT_GRACE_SECONDS)
}
