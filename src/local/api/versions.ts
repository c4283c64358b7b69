import { apiVersionOf, type Resource } from '../../kube/resources.ts'
import type { KubeObject } from '../../model/kubernetes.ts'
import type { ApiResource } from '../registry/api-resource.ts'

/** The version in which objects of a resource are kept. Others differ in their `apiVersion` alone (conversion None). */
export function storedResource(resource: ApiResource): Resource {
  const version = resource.custom?.storageVersion ?? resource.version
  return version === resource.version ? resource : { ...resource, version }
}

export function inVersion(object: KubeObject, resource: Resource): KubeObject {
  const apiVersion = apiVersionOf(resource)
  return object.apiVersion === apiVersion ? object : { ...object, apiVersion }
}
