import type { ObjectName } from '../../kube/client.ts'
import { failedWith } from '../../kube/kube-errors.ts'
import { KubeFailure } from '../../kube/kube-failure.ts'
import { isJsonObject, type JsonObject } from '../../model/json.ts'
import type { KubeObject } from '../../model/kubernetes.ts'
import type { ApiResource } from '../registry/api-resource.ts'
import type { ObjectStore } from '../store/object-store.ts'
import { invalid } from '../store/store-errors.ts'
import { decodeObject } from './decode-object.ts'
import type { FieldOwners } from './field-owners.ts'
import { jsonOf } from './json-of.ts'
import { type ApplyPatch, type Patch, patched } from './patch.ts'
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

export interface ObjectBody {
  readonly body: JsonObject
  /** It says already who owns its fields. */
  readonly owned?: boolean
}

export interface ObjectWriterParts {
  readonly store: ObjectStore
  readonly pipeline: WritePipeline
  readonly owners: FieldOwners
}

/** Of a patch that names no version, when others write at the same time. As kube-apiserver. */
const MOST_ATTEMPTS = 5

/** Creates and changes objects, in the version that the target names. */
export class ObjectWriter {
  readonly #parts: ObjectWriterParts

  constructor(parts: ObjectWriterParts) {
    this.#parts = parts
  }

  async create(
    { resource, place }: WriteTarget,
    content: ObjectBody,
    context: WriteContext,
  ): Promise<Written> {
    checkSupported(resource)
    const { body, owned = false } = content
    const object = decodeObject(resource, body, place, context)
    const created = await this.#parts.pipeline.create({ resource, object, owned }, context)
    return { object: inVersion(created, resource), created: true }
  }

  /** Repeats when somebody else wrote in between, as long as the writer named no version. */
  async update(
    { resource, place, part }: NamedTarget,
    context: WriteContext,
    change: (old: KubeObject) => ObjectBody,
  ): Promise<Written> {
    for (let attempt = 1; ; attempt++) {
      const old = this.#get(resource, place)
      const { body, owned = false } = change(old)
      const next = decodeObject(resource, body, place, context)
      try {
        const object = await this.#parts.pipeline.update({ resource, old, next, part, owned }, context)
        return { object: inVersion(object, resource), created: false }
      } catch (error) {
        const again =
          attempt < MOST_ATTEMPTS && failedWith(error, 'KISEKI_CONFLICT') && !meansOther(next, old)
        if (!again || !isOther(this.#get(resource, place), old)) throw error
      }
    }
  }

  apply(target: NamedTarget, patch: ApplyPatch, context: WriteContext): Promise<Written> {
    const { store, owners } = this.#parts
    const { resource, place, part } = target
    checkSupported(resource)
    checkKindNamed(patch.body)
    const body = decodeObject(resource, patch.body, place, { ...context, defaults: false })
    const applying = { resource, applied: body, manager: context.manager, force: patch.force, part }
    const live = store.find(storedResource(resource), place)
    if (live === undefined && part === undefined)
      return this.create(target, { body: owners.applied(applying), owned: true }, context)
    return this.update(target, context, old => ({
      body: owners.applied({ ...applying, live: old }),
      owned: true,
    }))
  }

  patch(target: NamedTarget, patch: Patch, context: WriteContext): Promise<Written> {
    if (patch.type === 'apply') return this.apply(target, patch, context)
    return this.update(target, context, old => {
      const body = patched(target.resource, jsonOf(old), patch)
      checkImmutable(target.resource, old, body)
      return { body }
    })
  }

  #get(resource: ApiResource, name: ObjectName): KubeObject {
    return inVersion(this.#parts.store.get(storedResource(resource), name), resource)
  }
}

function checkSupported({ unsupported }: ApiResource): void {
  if (unsupported !== undefined) throw new KubeFailure('NotImplemented', unsupported)
}

/** What is applied is a whole manifest. */
function checkKindNamed({ apiVersion = '', kind = '' }: JsonObject): void {
  if (apiVersion !== '' && kind !== '') return
  const [group = '', version = ''] = String(apiVersion).includes('/')
    ? String(apiVersion).split('/')
    : ['', apiVersion]
  throw new KubeFailure('BadRequest', `invalid object type: ${group}/${version}, Kind=${kind}`)
}

const IMMUTABLE = ['uid', 'deletionTimestamp'] as const

/** What a patch may name, but not change. */
function checkImmutable(
  resource: ApiResource,
  { metadata }: KubeObject,
  { metadata: next }: JsonObject,
): void {
  for (const field of IMMUTABLE) {
    const value = isJsonObject(next) ? next[field] : undefined
    if (value === undefined || value === metadata[field]) continue
    const problem = `Invalid value: ${JSON.stringify(value)}: field is immutable`
    throw invalid(resource, metadata.name, `metadata.${field}`, problem)
  }
}

/** Whether the writer named a version, and it is another one. */
function meansOther({ metadata }: KubeObject, old: KubeObject): boolean {
  return metadata.resourceVersion !== undefined && isOther({ metadata }, old)
}

function isOther({ metadata }: Pick<KubeObject, 'metadata'>, old: KubeObject): boolean {
  return metadata.resourceVersion !== old.metadata.resourceVersion
}
