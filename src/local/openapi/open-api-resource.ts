import type { JsonObject } from '../../model/json.ts'

export interface GroupVersion {
  /** Empty: core. */
  readonly group: string
  readonly version: string
}

/** A resource of a group and version, built in or defined by a CustomResourceDefinition. */
export interface OpenApiResource extends GroupVersion {
  readonly kind: string
  readonly plural: string
  readonly namespaced: boolean
  /** Custom resources: `openAPIV3Schema`. */
  readonly schema?: JsonObject
  readonly subresources?: readonly ('status' | 'scale')[]
}

export function groupVersionKind({
  group,
  version,
  kind,
}: Omit<OpenApiResource, 'plural' | 'namespaced'>): JsonObject {
  return { group, kind, version }
}

/** `/apis/apps/v1`, `/api/v1` */
export function apiRoot({ group, version }: GroupVersion): string {
  return group === '' ? `/api/${version}` : `/apis/${group}/${version}`
}

/** `com.example.mesh.v1.Widget` for `mesh.example.com/v1`, as kube-apiserver names custom kinds. */
export function customDefinition({ group, version, kind }: OpenApiResource): string {
  return [...group.split('.').reverse(), version, kind].join('.')
}
