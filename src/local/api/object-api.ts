import type { KubeList, ObjectName, WatchEvent, WatchOptions } from '../../kube/client.ts'
import { failedWith } from '../../kube/kube-errors.ts'
import { KubeFailure } from '../../kube/kube-failure.ts'
import { isJsonObject, type JsonObject } from '../../model/json.ts'
import type { KubeObject } from '../../model/kubernetes.ts'
import type { ApiResource, ScalePaths } from '../registry/api-resource.ts'
import type { ObjectStore } from '../store/object-store.ts'
import type { Removal } from '../store/removal.ts'
import type { Selection } from '../store/selection.ts'
import { invalid } from '../store/store-errors.ts'
import { decodeObject } from './decode-object.ts'
import type { FieldOwners } from './field-owners.ts'
import { jsonOf } from './json-of.ts'
import { type ApplyPatch, type Patch, type PlainPatch, patched } from './patch.ts'
import { patchFromScale, scaleOf } from './scale.ts'
import { inVersion, storedResource } from './versions.ts'
import type { WriteContext, WrittenPart } from './write-context.ts'
import type { WritePipeline } from './write-pipeline.ts'

export interface Written {
  readonly object: KubeObject
  readonly created: boolean
}

export interface WriteTarget {
  readonly resource: ApiResource
  /** Without `name` where the object brings it. */
  readonly place: { readonly namespace?: string; readonly name?: string }
  readonly part?: WrittenPart
}

/** A target that is named. */
export interface NamedTarget extends WriteTarget {
  readonly place: ObjectName
}

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

/** Of a patch that names no version, when others write at the same time. As kube-apiserver. */
const MOST_ATTEMPTS = 5

interface Body {
  readonly body: JsonObject
  /** It says already who owns its fields. */
  readonly owned?: boolean
}

export interface ObjectApiParts {
  readonly store: ObjectStore
  readonly pipeline: WritePipeline
  readonly owners: FieldOwners
}

type Reads = Pick<ObjectApi, 'get' | 'list' | 'watch'>

function createReads(store: ObjectStore): Reads {
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

export function createObjectApi({ store, pipeline, owners }: ObjectApiParts): ObjectApi {
  const reads = createReads(store)
  const { get } = reads

  async function create(
    { resource, place }: WriteTarget,
    { body, owned = false }: Body,
    context: WriteContext,
  ): Promise<Written> {
    if (resource.unsupported !== undefined) throw new KubeFailure('NotImplemented', resource.unsupported)
    const object = decodeObject(resource, body, place, context)
    const created = await pipeline.create({ resource, object, owned }, context)
    return { object: inVersion(created, resource), created: true }
  }

  /** Repeats when somebody else wrote in between, as long as the writer named no version. */
  async function update(
    { resource, place, part }: NamedTarget,
    context: WriteContext,
    change: (old: KubeObject) => Body,
  ): Promise<Written> {
    for (let attempt = 1; ; attempt++) {
      const old = get(resource, place)
      const { body, owned = false } = change(old)
      const next = decodeObject(resource, body, place, context)
      const { resourceVersion = old.metadata.resourceVersion } = next.metadata
      const meant =
        next.metadata.resourceVersion !== undefined && resourceVersion !== old.metadata.resourceVersion
      try {
        const object = await pipeline.update({ resource, old, next, part, owned }, context)
        return { object: inVersion(object, resource), created: false }
      } catch (error) {
        if (meant || attempt === MOST_ATTEMPTS || !failedWith(error, 'KISEKI_CONFLICT')) throw error
        const now = get(resource, place)
        if (now.metadata.resourceVersion === old.metadata.resourceVersion) throw error
      }
    }
  }

  function apply(target: NamedTarget, patch: ApplyPatch, context: WriteContext): Promise<Written> {
    const { resource, place, part } = target
    const body = decodeObject(resource, patch.body, place, { ...context, defaults: false })
    const applying = { resource, applied: body, manager: context.manager, force: patch.force, part }
    const live = store.find(storedResource(resource), place)
    if (live === undefined && part === undefined)
      return create(target, { body: owners.applied(applying), owned: true }, context)
    return update(target, context, old => ({ body: owners.applied({ ...applying, live: old }), owned: true }))
  }

  function patch(target: NamedTarget, asked: Patch, context: WriteContext): Promise<Written> {
    if (asked.type === 'apply') return apply(target, asked, context)
    return update(target, context, old => ({ body: patched(target.resource, jsonOf(old), asked) }))
  }

  return {
    ...reads,
    patch,
    create: (target, body, context) => create(target, { body }, context),
    replace(target, body, context) {
      checkVersionNamed(target, body)
      return update(target, context, () => ({ body }))
    },
    async remove({ resource, place }, removal, context) {
      const object = get(resource, place)
      const left = await pipeline.remove({ resource, object, removal }, context)
      return left && inVersion(left, resource)
    },
    scale({ resource, place }) {
      return scaleOf(get(resource, place), scalePaths(resource))
    },
    async writeScale(target, write, context) {
      const { resource, place } = target
      const paths = scalePaths(resource)
      const { object } = await update(target, context, old => {
        const scale =
          write.type === 'replace' ? write.body : patched(resource, jsonOf(scaleOf(old, paths)), write)
        const body = patchFromScale(resource, place.name, scale, paths)
        return { body: patched(resource, jsonOf(old), { type: 'merge', body }) }
      })
      return scaleOf(object, paths)
    },
  }
}

/** Custom objects are not replaced blindly. */
function checkVersionNamed({ resource, place }: NamedTarget, { metadata }: JsonObject): void {
  if (resource.custom === undefined || (isJsonObject(metadata) && metadata['resourceVersion'])) return
  throw invalid(
    resource,
    place.name,
    'metadata.resourceVersion',
    'Invalid value: 0x0: must be specified for an update',
  )
}

function scalePaths({ scale, plural }: ApiResource): ScalePaths {
  if (scale !== undefined) return scale
  throw new KubeFailure('NotFound', `the server could not find the requested resource (${plural}/scale)`)
}
