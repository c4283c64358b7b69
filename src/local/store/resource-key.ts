import type { ObjectName } from '../../kube/client.ts'
import type { Resource } from '../../kube/resources.ts'

/** Versions of an API are views of the same objects. */
export function resourceKey(resource: Resource): string {
  return `${resource.group}/${resource.plural}`
}

export function sameResource(one: Resource, other: Resource): boolean {
  return resourceKey(one) === resourceKey(other)
}

export function objectKey(name: ObjectName): string {
  return `${name.namespace ?? ''}/${name.name}`
}
