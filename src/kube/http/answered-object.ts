import { isJsonObject } from '../../model/json.ts'
import type { KubeObject } from '../../model/kubernetes.ts'
import type { KubeList } from '../client.ts'
import { apiVersionOf, type Resource } from '../resources.ts'

/**
 * What a server answered, if it is an object of the resource. Items of lists do not say what they are again, so
 * that is added.
 */
export function answeredObject<T extends KubeObject>(resource: Resource<T>, value: unknown): T | undefined {
  if (!isJsonObject(value)) return undefined
  const { apiVersion = apiVersionOf(resource), kind = resource.kind, metadata } = value
  if (apiVersion !== apiVersionOf(resource) || kind !== resource.kind) return undefined
  if (!isJsonObject(metadata) || typeof metadata['name'] !== 'string') return undefined
  const object: unknown = { ...value, apiVersion, kind }
  // The server has checked the rest against the schema of the kind.
  return object as T
}

export interface AnsweredPage<T> extends KubeList<T> {
  /** Names the next page; undefined at the last. */
  readonly next: string | undefined
}

export function answeredPage<T extends KubeObject>(
  resource: Resource<T>,
  value: unknown,
): AnsweredPage<T> | undefined {
  if (!isJsonObject(value) || value['kind'] !== `${resource.kind}List`) return undefined
  const { metadata } = value
  // Empty lists are null where Go says so.
  const items = value['items'] ?? []
  if (!isJsonObject(metadata) || !Array.isArray(items)) return undefined
  const { resourceVersion, continue: next } = metadata
  const objects = items.map(item => answeredObject(resource, item))
  const known = objects.filter(object => object !== undefined)
  if (known.length < objects.length || typeof resourceVersion !== 'string') return undefined
  return { resourceVersion, items: known, next: typeof next === 'string' && next !== '' ? next : undefined }
}
