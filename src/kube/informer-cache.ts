import type { KubeObject } from '../model/kubernetes.ts'
import type { ListOptions, ObjectName, WatchEvent } from './client.ts'
import { isSelected } from './selection.ts'

export type InformerChange<T> =
  | { readonly type: 'ADDED'; readonly object: T }
  | { readonly type: 'MODIFIED'; readonly object: T; readonly previous: T }
  /** The last state that was seen. */
  | { readonly type: 'DELETED'; readonly object: T }

interface InformerCache<T extends KubeObject> {
  /** After a list: what is missing in it was deleted unseen. */
  replace(objects: readonly T[]): void
  apply(event: WatchEvent<T>): void
  get(name: ObjectName): T | undefined
  list(options?: ListOptions): readonly T[]
}

export function createInformerCache<T extends KubeObject>(
  announce: (change: InformerChange<T>) => void,
): InformerCache<T> {
  const objects = new Map<string, T>()

  function put(object: T): void {
    const key = keyOf(object.metadata)
    const previous = objects.get(key)
    // Relists bring what is known already.
    if (previous !== undefined && previous.metadata.resourceVersion === object.metadata.resourceVersion)
      return
    if (previous === undefined || previous.metadata.uid !== object.metadata.uid) {
      // The same name may be another object: whoever keeps state by uid must hear of the end of the first.
      if (previous !== undefined) drop(previous)
      objects.set(key, object)
      announce({ type: 'ADDED', object })
    } else {
      objects.set(key, object)
      announce({ type: 'MODIFIED', object, previous })
    }
  }

  function drop(object: T): void {
    if (objects.delete(keyOf(object.metadata))) announce({ type: 'DELETED', object })
  }

  return {
    replace(items) {
      const listed = new Set(items.map(item => keyOf(item.metadata)))
      for (const [key, object] of [...objects]) if (!listed.has(key)) drop(object)
      for (const item of items) put(item)
    },
    apply(event) {
      if (event.type === 'DELETED') drop(event.object)
      else put(event.object)
    },
    get: name => objects.get(keyOf(name)),
    list: options => [...objects.values()].filter(object => isSelected(object, options)),
  }
}

function keyOf(name: ObjectName): string {
  return `${name.namespace ?? ''}/${name.name}`
}
