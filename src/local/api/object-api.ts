import type { KubeList, ObjectName, WatchEvent, WatchOptions } from '../../kube/client.ts'
import { isJsonObject, type JsonObject } from '../../model/json.ts'
import type { KubeObject } from '../../model/kubernetes.ts'
import type { ApiResource, ScalePaths } from '../registry/api-resource.ts'
import type { ObjectStore } from '../store/object-store.ts'
import type { Removal } from '../store/removal.ts'
import type { Selection } from '../store/selection.ts'
import { invalidObject, notFound } from '../store/store-errors.ts'
import { jsonOf } from './json-of.ts'
import {
  type NamedTarget,
  ObjectWriter,
  type ObjectWriterParts,
  type WriteTarget,
  type Written,
} from './object-writer.ts'
import { type Patch, type PlainPatch, patched } from './patch.ts'
import { patchFromScale, scaleOf } from './scale.ts'
import { inVersion, storedResource } from './versions.ts'
import type { WriteContext } from './write-context.ts'

/**
 * The objects of the API, as clients from outside see them: in the version that they ask for, decoded strictly,
 * admitted by webhooks, with the owners of their fields. Failures are `KubeFailure`s.
 */
export interface ObjectApi {
  get(resource: ApiResource, name: ObjectName): KubeObject
  list(resource: ApiResource, selection: Selection): KubeList<KubeObject>
  watch(resource: ApiResource, options: WatchOptions & Selection): AsyncIterable<WatchEvent<KubeObject>>
  create(target: WriteTarget, body: JsonObject, context: WriteContext): Promise<Written>
  replace(target: NamedTarget, body: JsonObject, context: WriteContext): Promise<Written>
  patch(target: NamedTarget, patch: Patch, context: WriteContext): Promise<Written>
  /** Gives the object while something holds it; undefined when it is gone. */
  remove(target: NamedTarget, removal: Removal, context: WriteContext): Promise<KubeObject | undefined>
  scale(target: NamedTarget): KubeObject
  writeScale(target: NamedTarget, write: ScaleWrite, context: WriteContext): Promise<KubeObject>
}

/** A `Scale` in the place of the old one, or a patch of it. */
export type ScaleWrite = PlainPatch | { readonly type: 'replace'; readonly body: JsonObject }

export function createObjectApi(parts: ObjectWriterParts): ObjectApi {
  const { store, pipeline } = parts
  const writer = new ObjectWriter(parts)
  const reads = createReads(store)
  const { get } = reads

  return {
    ...reads,
    patch: (target, patch, context) => writer.patch(target, patch, context),
    create: (target, body, context) => writer.create(target, { body }, context),
    replace(target, body, context) {
      checkVersionNamed(target, body)
      return writer.update(target, context, () => ({ body }))
    },
    async remove({ resource, place }, removal, context) {
      const object = get(resource, place)
      const left = await pipeline.remove({ resource, object, removal }, context)
      return left && inVersion(left, resource)
    },
    scale({ resource, place }) {
      return scaleOf(get(resource, place), scalePaths(resource, place.name))
    },
    async writeScale(target, write, context) {
      const { resource, place } = target
      const paths = scalePaths(resource, place.name)
      const { object } = await writer.update(target, context, old => {
        const scale =
          write.type === 'replace' ? write.body : patched(resource, jsonOf(scaleOf(old, paths)), write)
        const body = patchFromScale(resource, place.name, scale, paths)
        return { body: patched(resource, jsonOf(old), { type: 'merge', body }) }
      })
      return scaleOf(object, paths)
    },
  }
}

function createReads(store: ObjectStore): Pick<ObjectApi, 'get' | 'list' | 'watch'> {
  return {
    get: (resource, name) => inVersion(store.get(storedResource(resource), name), resource),
    list(resource, selection) {
      const { items, resourceVersion } = store.list(storedResource(resource), selection)
      return { resourceVersion, items: items.map(item => inVersion(item, resource)) }
    },
    async *watch(resource, options) {
      for await (const { type, object } of store.watch(storedResource(resource), options))
        yield { type, object: inVersion(object, resource) }
    },
  }
}

/** Custom objects are not replaced blindly. */
function checkVersionNamed({ resource, place }: NamedTarget, { metadata }: JsonObject): void {
  if (resource.custom === undefined || (isJsonObject(metadata) && metadata['resourceVersion'])) return
  const message = 'Invalid value: 0: must be specified for an update'
  throw invalidObject({ group: resource.group, kind: resource.plural }, place.name, [
    { field: 'metadata.resourceVersion', message, reason: 'FieldValueInvalid' },
  ])
}

function scalePaths(resource: ApiResource, name: string): ScalePaths {
  if (resource.scale !== undefined) return resource.scale
  throw notFound(resource, name)
}
