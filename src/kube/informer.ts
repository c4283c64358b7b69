import { setTimeout as sleep } from 'node:timers/promises'
import type { KubeObject } from '../model/kubernetes.ts'
import { errorFields, type Logger } from '../runtime/logger.ts'
import type { KubeClient, ListOptions, ObjectName } from './client.ts'
import { createInformerCache, type InformerChange } from './informer-cache.ts'
import { failedWith } from './kube-errors.ts'
import type { Resource } from './resources.ts'

export interface InformerOptions extends ListOptions {
  readonly logger?: Logger
  /** Between two attempts when the server fails: doubling from the first to the most. */
  readonly retry?: { readonly firstMillis: number; readonly mostMillis: number }
}

/** Keeps a copy of all objects of a resource, as near to the server's as its watch is quick. */
export interface Informer<T extends KubeObject> {
  /** Resolves when the first list is in the cache, or the informer is closed. */
  readonly synced: Promise<void>
  get(name: ObjectName): T | undefined
  list(options?: ListOptions): readonly T[]
  /**
   * Calls after each change of the cache, one after the other. Whoever listens before the first list (that is:
   * in the same turn in which the informer was made) hears of every object. Returns what ends it.
   */
  onChange(listener: (change: InformerChange<T>) => void): () => void
  /** Nobody is called any more. Resolves when the watch has ended. */
  close(): Promise<void>
}

const DEFAULT_RETRY = { firstMillis: 200, mostMillis: 10_000 }

export function createInformer<T extends KubeObject>(
  client: KubeClient,
  resource: Resource<T>,
  options: InformerOptions = {},
): Informer<T> {
  const { firstMillis, mostMillis } = options.retry ?? DEFAULT_RETRY
  const closing = new AbortController()
  const { signal } = closing
  const synced = Promise.withResolvers<void>()
  const listeners = new Set<(change: InformerChange<T>) => void>()
  const cache = createInformerCache<T>(announce)

  function announce(change: InformerChange<T>): void {
    for (const listener of listeners) {
      try {
        listener(change)
      } catch (error) {
        options.logger?.error(`a listener to ${resource.plural} failed`, errorFields(error))
      }
    }
  }

  /** Lists, then watches until the server no longer goes on from where we are. */
  async function listAndWatch(succeeded: () => void): Promise<void> {
    const list = await client.list(resource, options)
    if (signal.aborted) return
    cache.replace(list.items)
    synced.resolve()
    let resourceVersion = list.resourceVersion
    const onBookmark = (version: string): void => {
      resourceVersion = version
    }
    while (!signal.aborted) {
      let events = 0
      for await (const event of client.watch(resource, { ...options, resourceVersion, signal, onBookmark })) {
        if (signal.aborted) return
        events++
        succeeded()
        cache.apply(event)
        resourceVersion = event.object.metadata.resourceVersion ?? resourceVersion
      }
      // Servers end a watch now and then; one that does nothing else is not asked in a circle.
      if (events === 0 && !signal.aborted) await sleep(firstMillis, undefined, { signal })
    }
  }

  async function follow(): Promise<void> {
    let failures = 0
    while (!signal.aborted) {
      try {
        await listAndWatch(() => {
          failures = 0
        })
      } catch (error) {
        if (signal.aborted) return
        failures++
        const gone = failedWith(error, 'KISEKI_GONE')
        if (!gone) options.logger?.warn(`cannot watch ${resource.plural}`, errorFields(error))
        if (gone && failures === 1) continue
        await sleep(Math.min(firstMillis * 2 ** (failures - 1), mostMillis), undefined, { signal })
      }
    }
  }

  const following = follow().catch(() => undefined)
  return {
    synced: synced.promise,
    get: cache.get,
    list: cache.list,
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async close() {
      listeners.clear()
      closing.abort()
      synced.resolve()
      await following
    },
  }
}
