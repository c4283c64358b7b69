import { KubeFailure } from '../../kube/kube-failure.ts'
import type { JsonObject } from '../../model/json.ts'
import type { KubeObject } from '../../model/kubernetes.ts'
import { type ApiResource, hasStatus } from '../registry/api-resource.ts'
import { withStatusOf } from '../store/metadata-rules.ts'
import type { Admission, ObjectStore } from '../store/object-store.ts'
import type { Removal } from '../store/removal.ts'
import { invalidObject } from '../store/store-errors.ts'
import type { AdmissionRequest } from '../webhooks/admission-request.ts'
import type { WebhookAdmission } from '../webhooks/webhook-admission.ts'
import { type AdmittedWrite, admissionRequest } from './admission-requests.ts'
import { decodeObject } from './decode-object.ts'
import type { FieldOwners } from './field-owners.ts'
import { jsonOf } from './json-of.ts'
import { inVersion, storedResource } from './versions.ts'
import type { WriteContext, WrittenPart } from './write-context.ts'

export interface Creation {
  readonly resource: ApiResource
  readonly object: KubeObject
  /** It says already who owns its fields: it was applied. */
  readonly owned: boolean
}

export interface Update {
  readonly resource: ApiResource
  readonly old: KubeObject
  readonly next: KubeObject
  readonly part?: WrittenPart | undefined
  /** As of a creation. */
  readonly owned: boolean
}

/** What a decoded object goes through before the store has it: defaults, webhooks, its schema, owners of its fields. */
export interface WritePipeline {
  create(creation: Creation, context: WriteContext): Promise<KubeObject>
  update(update: Update, context: WriteContext): Promise<KubeObject>
  remove(removed: RemovedObject, context: WriteContext): Promise<KubeObject | undefined>
}

export interface RemovedObject {
  readonly resource: ApiResource
  readonly object: KubeObject
  readonly removal: Removal
}

export interface WritePipelineOptions {
  readonly store: ObjectStore
  /** That of the store: webhooks see what it completes. */
  readonly admission: Admission
  readonly webhooks: WebhookAdmission
  readonly owners: FieldOwners
}

export function createWritePipeline(options: WritePipelineOptions): WritePipeline {
  return new Pipeline(options)
}

class Pipeline implements WritePipeline {
  readonly #options: WritePipelineOptions

  constructor(options: WritePipelineOptions) {
    this.#options = options
  }

  async create({ resource, object, owned }: Creation, context: WriteContext): Promise<KubeObject> {
    const { store, admission, owners } = this.#options
    const stored = storedResource(resource)
    const completed = admission(stored, inVersion(object, stored))
    const admitted = await this.#admit('CREATE', { resource, context, object: completed })
    const { manager, dryRun } = context
    const created = owned ? admitted : owners.updated({ resource, manager, after: admitted })
    return store.create(stored, inVersion(created, stored), { dryRun })
  }

  async update({ resource, old, next, part, owned }: Update, context: WriteContext): Promise<KubeObject> {
    const { store, owners, admission } = this.#options
    const { dryRun, manager } = context
    const stored = storedResource(resource)
    // What defaults put back was not taken away: its owners keep it.
    const wanted = inVersion(onlyPart(resource, old, next, part), stored)
    const changed = admission(stored, wanted, inVersion(old, stored))
    const admitted = await this.#admit('UPDATE', { resource, context, object: changed, old, part })
    const updated = owned
      ? admitted
      : owners.updated({ resource, manager, part, before: old, after: admitted })
    // Webhooks took their time: what they saw must still be what is replaced.
    const { resourceVersion = old.metadata.resourceVersion } = updated.metadata
    const metadata = { ...updated.metadata, ...(resourceVersion === undefined ? {} : { resourceVersion }) }
    return store.replace(stored, inVersion({ ...updated, metadata }, stored), {
      dryRun,
      ...(part === undefined ? {} : { subresource: part }),
    })
  }

  async remove(
    { resource, object, removal }: RemovedObject,
    context: WriteContext,
  ): Promise<KubeObject | undefined> {
    const { dryRun } = context
    await this.#validate(admissionRequest('DELETE', { resource, context, old: object }), context)
    return this.#options.store.remove(storedResource(resource), object.metadata, { ...removal, dryRun })
  }

  /** Through the webhooks, and checked after those that may change it. */
  async #admit(operation: 'CREATE' | 'UPDATE', write: AdmittedWrite): Promise<KubeObject> {
    const { resource, context, old } = write
    const request = admissionRequest(operation, write)
    const mutated = await this.#options.webhooks.mutate(request)
    for (const sentence of mutated.warnings) context.warn(sentence)
    if (mutated.status === 'refused') throw mutated.failure
    const object = this.#decodeAgain(write, mutated.object ?? {})
    checkSchema(resource, object, old)
    await this.#validate({ ...request, object: jsonOf(object) }, context)
    return object
  }

  /** What came back from webhooks is as foreign as what came from a client. */
  #decodeAgain({ resource, context, object }: AdmittedWrite, mutated: JsonObject): KubeObject {
    const { name = '', namespace } = object?.metadata ?? {}
    const place = { ...(name === '' ? {} : { name }), ...(namespace === undefined ? {} : { namespace }) }
    return decodeObject(resource, mutated, place, { ...context, validation: 'Ignore' })
  }

  async #validate(request: AdmissionRequest, context: WriteContext): Promise<void> {
    const validated = await this.#options.webhooks.validate(request)
    for (const sentence of validated.warnings) context.warn(sentence)
    if (validated.status === 'refused') throw validated.failure
  }
}

/** An update of an object leaves its status alone, and the other way round. */
function onlyPart(
  resource: ApiResource,
  old: KubeObject,
  next: KubeObject,
  part: WrittenPart | undefined,
): KubeObject {
  if (!hasStatus(resource)) {
    if (part === undefined) return next
    throw new KubeFailure('NotFound', 'the server could not find the requested resource')
  }
  const { managedFields } = Object(next.metadata)
  const owners = managedFields === undefined ? {} : { managedFields }
  const { resourceVersion } = next.metadata
  const metadata = { ...old.metadata, ...owners, ...(resourceVersion && { resourceVersion }) }
  return part === 'status' ? { ...withStatusOf(old, next), metadata } : withStatusOf(next, old)
}

function checkSchema({ custom, group, kind }: ApiResource, object: KubeObject, old?: KubeObject): void {
  if (custom === undefined) return
  const causes = custom.schema.validate(jsonOf(object), old && jsonOf(old))
  if (causes.length > 0) throw invalidObject({ group, kind }, object.metadata.name, causes)
}
