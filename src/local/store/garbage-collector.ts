import { failedWith } from '../../kube/kube-errors.ts'
import { NAMESPACES, type Resource } from '../../kube/resources.ts'
import type { KubeObject } from '../../model/kubernetes.ts'
import type { ObjectStore, StoreListener } from './object-store.ts'

/**
 * Removes in the background what has lost all its owners, and what is in a namespace that shall go
 * (kubernetes.io/docs/concepts/architecture/garbage-collection). A burst of removals is one round.
 */
export function collectGarbage(store: ObjectStore): void {
  let planned = false

  const collect: StoreListener = event => {
    if (planned || !mayLeaveGarbage(event)) return
    planned = true
    setImmediate(() => {
      planned = false
      collectOnce(store)
    })
  }
  store.subscribe(collect)
}

function mayLeaveGarbage(event: Parameters<StoreListener>[0]): boolean {
  if (event.type === 'DELETED') return true
  const { deletionTimestamp, ownerReferences } = event.object.metadata
  // The owner may be gone when its dependent comes.
  if (event.type === 'ADDED') return ownerReferences !== undefined
  return deletionTimestamp !== undefined && event.resource.kind === NAMESPACES.kind
}

function collectOnce(store: ObjectStore): void {
  const stored = [...store.all()]
  const uids = new Set(stored.map(({ object }) => object.metadata.uid))
  const terminating = new Set(
    store
      .list(NAMESPACES)
      .items.filter(isTerminating)
      .map(({ metadata }) => metadata.name),
  )
  for (const { resource, object } of stored) {
    const { namespace, ownerReferences = [] } = object.metadata
    const orphaned = ownerReferences.length > 0 && !ownerReferences.some(owner => uids.has(owner.uid))
    const homeless = namespace !== undefined && terminating.has(namespace)
    if ((orphaned || homeless) && !isTerminating(object)) removeQuietly(store, resource, object)
  }
  for (const name of terminating) removeQuietly(store, NAMESPACES, store.find(NAMESPACES, { name }))
}

function removeQuietly(store: ObjectStore, resource: Resource, object: KubeObject | undefined): void {
  if (object === undefined) return
  try {
    store.remove(resource, object.metadata)
  } catch (error) {
    if (!failedWith(error, 'KISEKI_NOT_FOUND')) throw error
  }
}

function isTerminating(object: KubeObject): boolean {
  return object.metadata.deletionTimestamp !== undefined
}
