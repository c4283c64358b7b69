import type { RemoveOptions } from '../../kube/client.ts'
import { NAMESPACES, PODS, type Resource } from '../../kube/resources.ts'
import type { KubeObject } from '../../model/kubernetes.ts'
import type { PodSpec } from '../../model/kubernetes-pod.ts'
import { kubeTime } from '../kube-time.ts'
import { sameResource } from './resource-key.ts'

export interface Removal extends RemoveOptions {
  readonly resourceVersion?: string
  /**
   * What becomes of the objects that it owns: they go after it (the default), before it, or stay
   * (kubernetes.io/docs/concepts/architecture/garbage-collection/#cascading-deletion).
   */
  readonly propagation?: 'Background' | 'Foreground' | 'Orphan'
}

/** Holds an owner until what it owns is gone. */
export const FOREGROUND_FINALIZER = 'foregroundDeletion'
/** Holds an owner until what it owns no longer names it. */
export const ORPHAN_FINALIZER = 'orphan'

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
    ...finalizersFor(old, removal.propagation),
    deletionTimestamp: kubeTime(nowMicros + wanted * 1_000_000),
    ...(sameResource(resource, PODS) ? { deletionGracePeriodSeconds: wanted } : {}),
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

function finalizersFor(
  { metadata: { finalizers = [] } }: KubeObject,
  propagation: Removal['propagation'],
): { readonly finalizers?: readonly string[] } {
  if (propagation === undefined || propagation === 'Background') return {}
  const added = propagation === 'Foreground' ? FOREGROUND_FINALIZER : ORPHAN_FINALIZER
  return { finalizers: [...finalizers.filter(name => name !== added), added] }
}

/** Only what runs on a node needs time to end. */
function graceSeconds(resource: Resource, object: KubeObject, requested: number | undefined): number {
  if (!sameResource(resource, PODS) || !('spec' in object)) return 0
  const { nodeName, terminationGracePeriodSeconds }: Partial<PodSpec> = object.spec ?? {}
  if (nodeName === undefined) return 0
  return Math.max(0, requested ?? terminationGracePeriodSeconds ?? DEFAULT_GRACE_SECONDS)
}
