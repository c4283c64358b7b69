import { failedWith } from '../../kube/kube-errors.ts'
import { NAMESPACES, type Resource } from '../../kube/resources.ts'
import type { KubeObject } from '../../model/kubernetes.ts'
import type { ObjectStore, StoreListener } from './object-store.ts'
import type { StoredObject } from './object-tables.ts'
import { FOREGROUND_FINALIZER, ORPHAN_FINALIZER } from './removal.ts'

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
  return deletionTimestamp !== undefined
}

function collectOnce(store: ObjectStore): void {
  const stored = [...store.all()]
  for (const owner of stored) if (isHeldBy(owner, ORPHAN_FINALIZER)) releaseOwned(store, owner, stored)
  const leaving = stored.filter(owner => isHeldBy(owner, FOREGROUND_FINALIZER))
  const uids = new Set(stored.map(({ object }) => object.metadata.uid))
  for (const { object } of leaving) uids.delete(object.metadata.uid)
  removeOrphans(store, stored, uids)
  for (const owner of leaving)
    if (![...store.all()].some(({ object }) => isOwnedBy(object, owner.object)))
      dropFinalizer(store, owner, FOREGROUND_FINALIZER)
}

function removeOrphans(
  store: ObjectStore,
  stored: readonly StoredObject[],
  uids: ReadonlySet<string | undefined>,
): void {
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

/** What it owned goes on without it. */
function releaseOwned(store: ObjectStore, owner: StoredObject, stored: readonly StoredObject[]): void {
  const { uid } = owner.object.metadata
  for (const { resource, object } of stored) {
    if (!isOwnedBy(object, owner.object)) continue
    const ownerReferences = object.metadata.ownerReferences?.filter(reference => reference.uid !== uid)
    store.patch(resource, object.metadata, { metadata: { ownerReferences } })
  }
  dropFinalizer(store, owner, ORPHAN_FINALIZER)
}

function dropFinalizer(store: ObjectStore, { resource, object }: StoredObject, name: string): void {
  const found = store.find(resource, object.metadata)
  if (found === undefined || found.metadata.uid !== object.metadata.uid) return
  const finalizers = found.metadata.finalizers?.filter(finalizer => finalizer !== name) ?? []
  store.patch(resource, found.metadata, { metadata: { finalizers } })
}

function isHeldBy({ object }: StoredObject, finalizer: string): boolean {
  return isTerminating(object) && (object.metadata.finalizers?.includes(finalizer) ?? false)
}

function isOwnedBy(object: KubeObject, owner: KubeObject): boolean {
  return object.metadata.ownerReferences?.some(({ uid }) => uid === owner.metadata.uid) ?? false
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
