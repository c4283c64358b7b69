import type { KubeObject } from '../model/kubernetes.ts'
import type { Resource } from './resources.ts'

export interface ListOptions {
  /** Absent: all namespaces. */
  readonly namespace?: string
  /** Every label must have this value. */
  readonly labels?: Readonly<Record<string, string>>
}

export interface KubeList<T> {
  /** Where a watch goes on from. */
  readonly resourceVersion: string
  readonly items: readonly T[]
}

export type WatchEvent<T> = { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: T }

export interface WatchOptions extends ListOptions {
  readonly resourceVersion: string
  readonly signal: AbortSignal
  /**
   * Hears how far the watch is when nothing happened that it tells: the next one may go on from there, and not
   * from the last event, which the server may have forgotten (bookmarks, KEP-956). Servers need not say so.
   */
  readonly onBookmark?: (resourceVersion: string) => void
}

export interface ObjectName {
  readonly name: string
  /** Absent for objects without namespace. */
  readonly namespace?: string
}

/** JSON merge patch (RFC 7396): objects are merged, null deletes, all else replaces. */
export type MergePatch = { readonly [key: string]: unknown }

export interface RemoveOptions {
  /** Only pods have one. Absent: what the pod says. 0: at once. */
  readonly gracePeriodSeconds?: number
  /** `KISEKI_CONFLICT` when the object of that name is another one. */
  readonly uid?: string
}

/**
 * All that the control plane, the injector and the command line know of Kubernetes. Whether a real cluster
 * or one machine answers, they cannot tell.
 *
 * Failures are `KisekiError`s: `KISEKI_NOT_FOUND`, `KISEKI_ALREADY_EXISTS`, `KISEKI_CONFLICT` (the object's
 * `resourceVersion` is named and old), `KISEKI_INVALID`, `KISEKI_GONE` (the watch must list again). What a server
 * answers is a `KubeFailure`, with the reason and details. Over a network there are also `KISEKI_FORBIDDEN`,
 * `KISEKI_API_UNREACHABLE` (nobody answers), `KISEKI_API_FAILED` (somebody else answers, or the server failed) and
 * `KISEKI_TIMEOUT`.
 * Objects that are returned are never changed afterwards.
 */
export interface KubeClient {
  get<T extends KubeObject>(resource: Resource<T>, name: ObjectName): Promise<T>
  list<T extends KubeObject>(resource: Resource<T>, options?: ListOptions): Promise<KubeList<T>>
  /**
   * Ends quietly when the signal aborts, and when the server or the network ends it, which they do now and then: the
   * next watch goes on from the version of the last event. Throws `KISEKI_GONE` when events were missed.
   */
  watch<T extends KubeObject>(resource: Resource<T>, options: WatchOptions): AsyncIterable<WatchEvent<T>>
  create<T extends KubeObject>(resource: Resource<T>, object: T): Promise<T>
  /** `subresource: 'status'` changes only the status; without it the status is left alone. */
  patch<T extends KubeObject>(
    resource: Resource<T>,
    name: ObjectName,
    patch: MergePatch,
    options?: { readonly subresource?: 'status' },
  ): Promise<T>
  /** Ends when the server has taken note: with finalizers or a grace period the object is still there. */
  remove(resource: Resource, name: ObjectName, options?: RemoveOptions): Promise<void>
}
