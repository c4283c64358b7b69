import { apiVersionOf, type Resource } from '../../kube/resources.ts'
import type { KubeObject, OwnerReference } from '../../model/kubernetes.ts'

export function ownerReferenceTo(resource: Resource, owner: KubeObject): OwnerReference {
  return {
    apiVersion: apiVersionOf(resource),
    kind: resource.kind,
    name: owner.metadata.name,
    uid: owner.metadata.uid ?? '',
    controller: true,
    blockOwnerDeletion: true,
  }
}

export function isControlledBy(object: KubeObject, owner: KubeObject): boolean {
  return controllerOf(object)?.uid === owner.metadata.uid
}

/** The key of the object that controls this one, if it is of that kind. */
export function controllerKey(object: KubeObject, kind: string): string | undefined {
  const controller = controllerOf(object)
  if (controller?.kind !== kind) return undefined
  return `${object.metadata.namespace}/${controller.name}`
}

function controllerOf(object: KubeObject): OwnerReference | undefined {
  return object.metadata.ownerReferences?.find(owner => owner.controller === true)
}
