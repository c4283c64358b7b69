import type { Resource } from '../../kube/resources.ts'
import type { JsonObject } from '../../model/json.ts'
import type { ObjectSchema } from '../schema/object-schema.ts'

export type Verb = 'create' | 'delete' | 'deletecollection' | 'get' | 'list' | 'patch' | 'update' | 'watch'

/** Part of an object with a path of its own: `pods/log`. */
export interface Subresource {
  readonly name: string
  readonly verbs: readonly string[]
  /** Absent: that of the resource. */
  readonly kind?: { readonly group: string; readonly version: string; readonly kind: string }
}

/** Where a `Scale` finds its numbers, as paths below the object. */
export interface ScalePaths {
  readonly specReplicas: readonly string[]
  readonly statusReplicas: readonly string[]
  /** Of the selector as text; absent: `spec.selector` is a LabelSelector. */
  readonly selector?: readonly string[]
}

/** One version of a kind that a CustomResourceDefinition made. */
export interface CustomVersion {
  readonly schema: ObjectSchema
  /** As it was written. */
  readonly openAPIV3Schema: JsonObject
  readonly printerColumns: unknown
  /** All versions are stored as this one. */
  readonly storageVersion: string
}

/** A resource as the API serves it. */
export interface ApiResource extends Resource {
  readonly singular: string
  readonly shortNames: readonly string[]
  readonly categories: readonly string[]
  readonly verbs: readonly Verb[]
  readonly subresources: readonly Subresource[]
  readonly scale?: ScalePaths
  /** Absent: built in. */
  readonly custom?: CustomVersion
  /** Nothing acts on objects of this kind here: creating one is refused with this sentence. */
  readonly unsupported?: string
}

export function hasStatus(resource: ApiResource): boolean {
  return resource.subresources.some(({ name }) => name === 'status')
}
