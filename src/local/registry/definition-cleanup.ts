import { failedWith } from '../../kube/kube-errors.ts'
import { CUSTOM_RESOURCE_DEFINITIONS } from '../../kube/resources.ts'
import type { KubeObject } from '../../model/kubernetes.ts'
import type { ObjectStore } from '../store/object-store.ts'
import { DEFINITION_FINALIZER } from './definition-status.ts'

/** Removes the objects of a definition that shall go, and then lets go of the definition. */
export function cleanUpDefinitions(store: ObjectStore): void {
  let planned = false
  store.subscribe(({ type, object }) => {
    const leaving = object.metadata.deletionTimestamp !== undefined || type === 'DELETED'
    if (planned || !leaving) return
    planned = true
    setImmediate(() => {
      planned = false
      for (const definition of store.list(CUSTOM_RESOURCE_DEFINITIONS).items)
        if (isLeaving(definition)) cleanUp(store, definition)
    })
  })
}

function isLeaving({ metadata }: KubeObject): boolean {
  const { deletionTimestamp, finalizers = [] } = metadata
  return deletionTimestamp !== undefined && finalizers.includes(DEFINITION_FINALIZER)
}

function cleanUp(store: ObjectStore, definition: KubeObject): void {
  const [plural, ...group] = definition.metadata.name.split('.')
  const instances = [...store.all()].filter(
    ({ resource }) => resource.plural === plural && resource.group === group.join('.'),
  )
  for (const { resource, object } of instances) {
    try {
      store.remove(resource, object.metadata)
    } catch (error) {
      // Somebody else was faster.
      if (!failedWith(error, 'KISEKI_NOT_FOUND')) throw error
    }
  }
  if (
    [...store.all()].some(({ resource }) => resource.plural === plural && resource.group === group.join('.'))
  )
    return
  const finalizers = definition.metadata.finalizers?.filter(name => name !== DEFINITION_FINALIZER) ?? []
  store.patch(CUSTOM_RESOURCE_DEFINITIONS, definition.metadata, { metadata: { finalizers } })
}
