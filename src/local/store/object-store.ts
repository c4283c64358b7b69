import { isDeepStrictEqual } from 'node:util'
import type { KubeList, MergePatch, ObjectName, WatchEvent, WatchOptions } from '../../kube/client.ts'
import { mergePatch } from '../../kube/merge-patch.ts'
import { NAMESPACES, type Resource } from '../../kube/resources.ts'
import type { KubeObject } from '../../model/kubernetes.ts'
import { kubeTime } from '../kube-time.ts'
import { createEventRing, type EventRing, type StoreEvent } from './event-ring.ts'
import { frozenJson } from './frozen-json.ts'
import { withKeptMetadata, withNewMetadata, withoutEmptyMetadata, withStatusOf } from './metadata-rules.ts'
import { checkObject, parseObject } from './object-checks.ts'
import { ObjectTables, type StoredObject } from './object-tables.ts'
import { watchRing } from './object-watch.ts'
import { isDeleted, type Removal, removed } from './removal.ts'
import { sameResource } from './resource-key.ts'
import type { Selection } from './selection.ts'
import { alreadyExists, checkPreconditions, forbidden, invalid, notFound } from './store-errors.ts'

/** Completes an object, or refuses it by throwing `KISEKI_INVALID`. `previous` is absent at creation. */
export type Admission = <T extends KubeObject>(resource: Resource<T>, object: T, previous?: T) => T

export interface ObjectStoreOptions {
  /** Microseconds since the epoch. */
  readonly now: () => number
  readonly newUid: () => string
  /** 0 up to 1. */
  readonly random: () => number
  readonly admission?: Admission
  /** Whether the status of a resource is changed by `subresource: 'status'` alone. Default: of all. */
  readonly hasStatus?: (resource: Resource) => boolean
  /** What was there when a former run ended, with the version of its last write. */
  readonly restored?: { readonly version: number; readonly objects: Iterable<StoredObject> }
  /** Writes that watchers may be behind. Default 5000. */
  readonly ringCapacity?: number
}

export interface CreateOptions {
  /** Everything is checked and completed, nothing is written. */
  readonly dryRun?: boolean
}

export interface UpdateOptions extends CreateOptions {
  readonly subresource?: 'status'
}

export type StoreListener = (event: Omit<StoreEvent, 'version'>) => void

/**
 * The objects of a Kubernetes API, in memory, any kind of them. Each write takes the next version, which is the
 * written object's `resourceVersion`; a write that changes nothing is none. Objects are frozen. Failures are
 * those of `KubeClient`.
 *
 * Objects with a `spec` have a `generation`.
 */
export interface ObjectStore {
  get<T extends KubeObject>(resource: Resource<T>, name: ObjectName): T
  find<T extends KubeObject>(resource: Resource<T>, name: ObjectName): T | undefined
  /** By namespace, then name. */
  list<T extends KubeObject>(resource: Resource<T>, options?: Selection): KubeList<T>
  watch<T extends KubeObject>(
    resource: Resource<T>,
    options: WatchOptions & Selection,
  ): AsyncIterable<WatchEvent<T>>
  create<T extends KubeObject>(resource: Resource<T>, object: T, options?: CreateOptions): T
  /** A `resourceVersion` or `uid` in the object must be the present one. */
  replace<T extends KubeObject>(resource: Resource<T>, object: T, options?: UpdateOptions): T
  /** As `replace`, with what the patch makes of the present object. */
  patch<T extends KubeObject>(
    resource: Resource<T>,
    name: ObjectName,
    patch: MergePatch,
    options?: UpdateOptions,
  ): T
  /** Gives the object while finalizers, a grace period or its content hold it; undefined when it is gone. */
  remove(resource: Resource, name: ObjectName, options?: Removal & CreateOptions): KubeObject | undefined
  /** That of the last write. */
  readonly version: number
  all(): Iterable<StoredObject>
  /** Called after each write, before it returns. */
  subscribe(listener: StoreListener): void
}

export function createObjectStore(options: ObjectStoreOptions): ObjectStore {
  return new MemoryStore(options)
}

const DEFAULT_RING_CAPACITY = 5000
const FIRST_VERSION = 1

class MemoryStore implements ObjectStore {
  readonly #options: ObjectStoreOptions
  readonly #admit: Admission
  readonly #ring: EventRing
  readonly #tables = new ObjectTables()
  readonly #listeners = new Set<StoreListener>()

  constructor(options: ObjectStoreOptions) {
    this.#options = options
    this.#admit = options.admission ?? ((_, object) => object)
    const { ringCapacity = DEFAULT_RING_CAPACITY, restored } = options
    this.#ring = createEventRing(ringCapacity, restored?.version ?? FIRST_VERSION)
    for (const { resource, object } of restored?.objects ?? []) this.#tables.put(resource, frozenJson(object))
  }

  get version(): number {
    return this.#ring.version
  }

  find<T extends KubeObject>(resource: Resource<T>, name: ObjectName): T | undefined {
    return this.#tables.find(resource, name)
  }

  get<T extends KubeObject>(resource: Resource<T>, name: ObjectName): T {
    const found = this.find(resource, name)
    if (found === undefined) throw notFound(resource, name.name)
    return found
  }

  list<T extends KubeObject>(resource: Resource<T>, options: Selection = {}): KubeList<T> {
    return { resourceVersion: String(this.#ring.version), items: this.#tables.list(resource, options) }
  }

  watch<T extends KubeObject>(
    resource: Resource<T>,
    options: WatchOptions & Selection,
  ): AsyncIterable<WatchEvent<T>> {
    return watchRing(this.#ring, resource, options)
  }

  create<T extends KubeObject>(resource: Resource<T>, object: T, { dryRun }: CreateOptions = {}): T {
    const { newUid, random, now } = this.#options
    const given = { uid: newUid(), random, creationTimestamp: kubeTime(now()) }
    const named = withNewMetadata(
      frozenJson(this.#hasStatus(resource) ? withStatusOf(object, {}) : object),
      given,
    )
    checkObject(resource, named)
    this.#checkNamespace(resource, named)
    if (this.find(resource, named.metadata) !== undefined) throw alreadyExists(resource, named.metadata.name)
    const admitted = withoutEmptyMetadata(this.#admit(resource, named))
    checkObject(resource, admitted)
    return dryRun ? frozenJson(admitted) : this.#write('ADDED', resource, admitted)
  }

  replace<T extends KubeObject>(resource: Resource<T>, object: T, options: UpdateOptions = {}): T {
    return this.#update({ resource, old: this.get(resource, object.metadata), next: object, ...options })
  }

  patch<T extends KubeObject>(
    resource: Resource<T>,
    name: ObjectName,
    patch: MergePatch,
    options: UpdateOptions = {},
  ): T {
    const old = this.get(resource, name)
    return this.#update({
      resource,
      old,
      next: parseObject(resource, name.name, mergePatch(old, patch)),
      ...options,
    })
  }

  remove(
    resource: Resource,
    name: ObjectName,
    removal: Removal & CreateOptions = {},
  ): KubeObject | undefined {
    const old = this.get(resource, name)
    checkPreconditions(resource, removal, old)
    const next = removed(resource, old, removal, this.#options.now())
    if (removal.dryRun) return frozenJson(next)
    if (isDeleted(next, this.#holdsContent(resource, next))) {
      this.#write('DELETED', resource, next, old)
      return undefined
    }
    return next === old ? old : this.#write('MODIFIED', resource, next, old)
  }

  all(): Iterable<StoredObject> {
    return this.#tables.all()
  }

  subscribe(listener: StoreListener): void {
    this.#listeners.add(listener)
  }

  #update<T extends KubeObject>(update: {
    readonly resource: Resource<T>
    readonly old: T
    readonly next: T
    readonly subresource?: 'status'
    readonly dryRun?: boolean
  }): T {
    const { resource, old, next } = update
    if (next.metadata.name !== old.metadata.name) {
      throw invalid(resource, old.metadata.name, 'metadata.name', 'field is immutable')
    }
    checkPreconditions(resource, next.metadata, old)
    const kept = frozenJson(withKeptMetadata(this.#changed(update), old))
    const completed = withoutEmptyMetadata(this.#admit(resource, kept, old))
    // What is only left out, and filled in again, is no new generation.
    const admitted = withKeptMetadata(completed, old)
    checkObject(resource, admitted)
    if (isDeepStrictEqual(admitted, old)) return old
    if (update.dryRun) return admitted
    const deleted = isDeleted(admitted, this.#holdsContent(resource, admitted))
    return this.#write(deleted ? 'DELETED' : 'MODIFIED', resource, admitted, old)
  }

  #changed<T extends KubeObject>(update: {
    readonly resource: Resource<T>
    readonly old: T
    readonly next: T
    readonly subresource?: 'status'
  }): T {
    const { resource, old, next } = update
    if (!this.#hasStatus(resource)) return next
    return update.subresource === 'status' ? withStatusOf(old, next) : withStatusOf(next, old)
  }

  #hasStatus(resource: Resource): boolean {
    return this.#options.hasStatus?.(resource) ?? true
  }

  #write<T extends KubeObject>(type: StoreEvent['type'], resource: Resource<T>, object: T, previous?: T): T {
    const resourceVersion = String(this.#ring.version + 1)
    const written = frozenJson({ ...object, metadata: { ...object.metadata, resourceVersion } })
    if (type === 'DELETED') this.#tables.drop(resource, written)
    else this.#tables.put(resource, written)
    const event = { type, resource, object: written, ...(previous === undefined ? {} : { previous }) }
    this.#ring.add(event)
    for (const listener of this.#listeners) listener(event)
    return written
  }

  #checkNamespace(resource: Resource, object: KubeObject): void {
    const { name, namespace } = object.metadata
    if (namespace === undefined) return
    if (this.get(NAMESPACES, { name: namespace }).metadata.deletionTimestamp === undefined) return
    throw forbidden(
      resource,
      name,
      `unable to create new content in namespace ${namespace} because it is being terminated`,
    )
  }

  #holdsContent(resource: Resource, object: KubeObject): boolean {
    if (!sameResource(resource, NAMESPACES)) return false
    for (const stored of this.all())
      if (stored.object.metadata.namespace === object.metadata.name) return true
    return false
  }
}
