import type { KubeObject } from '../model/kubernetes.ts'
import type { KubeClient, MergePatch, ObjectName } from './client.ts'
import { failedWith, unlessAbsent } from './kube-errors.ts'
import type { Resource } from './resources.ts'

export interface Applied<T> {
  readonly outcome: 'created' | 'configured' | 'unchanged'
  readonly object: T
}

const DEFAULT_NAMESPACE = 'default'

/**
 * Makes the object be as it is written here: created, or merged into the one that exists. What the writing does
 * not name stays as it is, also what a former writing named. Without namespace it goes to `default`.
 */
export async function applyObject<T extends KubeObject>(
  client: KubeClient,
  resource: Resource<T>,
  object: T,
): Promise<Applied<T>> {
  const placed = placeObject(resource, object)
  const name = nameOf(placed)
  const existing = await unlessAbsent(client.get(resource, name))
  if (existing === undefined) {
    try {
      return { outcome: 'created', object: await client.create(resource, placed) }
    } catch (error) {
      // Somebody else was faster: theirs is merged into.
      if (!failedWith(error, 'KISEKI_ALREADY_EXISTS')) throw error
    }
  }
  const merged = await client.patch(resource, name, patchFor(placed))
  const unchanged = merged.metadata.resourceVersion === existing?.metadata.resourceVersion
  return { outcome: unchanged ? 'unchanged' : 'configured', object: merged }
}

function placeObject<T extends KubeObject>(resource: Resource<T>, object: T): T {
  if (!resource.namespaced || object.metadata.namespace !== undefined) return object
  return { ...object, metadata: { ...object.metadata, namespace: DEFAULT_NAMESPACE } }
}

/** A patch must not say `apiVersion` and `kind` again, but it may. */
function patchFor(object: KubeObject): MergePatch {
  return { ...object }
}

/** What an object is found by. */
export function nameOf(object: KubeObject): ObjectName {
  const { name, namespace } = object.metadata
  return namespace === undefined ? { name } : { name, namespace }
}
