import type { ObjectName } from '../../kube/client.ts'
import type { Resource } from '../../kube/resources.ts'
import type { KubeObject } from '../../model/kubernetes.ts'
import { objectKey, resourceKey } from './resource-key.ts'
import { isInSelection, type Selection } from './selection.ts'

export interface StoredObject {
  readonly resource: Resource
  readonly object: KubeObject
}

/** One table a resource, by namespace and name. */
export class ObjectTables {
  readonly #tables = new Map<string, Map<string, StoredObject>>()

  find<T extends KubeObject>(resource: Resource<T>, name: ObjectName): T | undefined {
    const found = this.#table(resource).get(objectKey(name))
    return found && typed(resource, found)
  }

  list<T extends KubeObject>(resource: Resource<T>, options: Selection): readonly T[] {
    return [...this.#table(resource)]
      .filter(([, { object }]) => isInSelection(object, options))
      .sort(([key], [other]) => (key < other ? -1 : 1))
      .map(([, stored]) => typed(resource, stored))
  }

  put(resource: Resource, object: KubeObject): void {
    this.#table(resource).set(objectKey(object.metadata), { resource, object })
  }

  drop(resource: Resource, object: KubeObject): void {
    this.#table(resource).delete(objectKey(object.metadata))
  }

  *all(): Iterable<StoredObject> {
    for (const table of this.#tables.values()) yield* table.values()
  }

  #table(resource: Resource): Map<string, StoredObject> {
    const key = resourceKey(resource)
    const found = this.#tables.get(key)
    if (found !== undefined) return found
    const created = new Map<string, StoredObject>()
    this.#tables.set(key, created)
    return created
  }
}

/** A table holds what its resource says: `apiVersion` and `kind` were checked when the object came in. */
function typed<T extends KubeObject>(_resource: Resource<T>, stored: StoredObject): T {
  return stored.object as T
}
