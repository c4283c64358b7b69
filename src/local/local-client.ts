import type { KubeClient, ObjectName } from '../kube/client.ts'
import type { Resource } from '../kube/resources.ts'
import type { JsonObject } from '../model/json.ts'
import type { KubeObject } from '../model/kubernetes.ts'
import type { ObjectApi } from './api/object-api.ts'
import type { WriteContext } from './api/write-context.ts'
import type { ApiResource } from './registry/api-resource.ts'
import type { ResourceCatalog } from './registry/resource-catalog.ts'
import { notFound } from './store/store-errors.ts'

export interface LocalClientOptions {
  readonly api: ObjectApi
  readonly catalog: ResourceCatalog
  /** Owns the fields that are written. */
  readonly manager: string
}

/** The API in this process: what goes for clients from outside goes for this one. */
export function createLocalClient({ api, catalog, manager }: LocalClientOptions): KubeClient {
  const context: WriteContext = {
    manager,
    user: { username: `system:${manager}`, groups: ['system:masters', 'system:authenticated'] },
    dryRun: false,
    trusted: true,
    validation: 'Ignore',
    warn: () => undefined,
  }

  /** What is asked for a kind that nobody defined is not there. */
  function served(resource: Resource, name = ''): ApiResource {
    const found = catalog.find(resource)
    if (found === undefined) throw notFound(resource, name)
    return found
  }

  return {
    get: async (resource, name) => typed(resource, api.get(served(resource, name.name), name)),
    async list(resource, options = {}) {
      const { items, resourceVersion } = api.list(served(resource), options)
      return { resourceVersion, items: items.map(item => typed(resource, item)) }
    },
    async *watch(resource, options) {
      for await (const { type, object } of api.watch(served(resource), options))
        yield { type, object: typed(resource, object) }
    },
    async create(resource, object) {
      const { namespace } = object.metadata
      const place = namespace === undefined ? {} : { namespace }
      const target = { resource: served(resource, object.metadata.name), place }
      return typed(resource, (await api.create(target, jsonOf(object), context)).object)
    },
    async patch(resource, name, patch, { subresource } = {}) {
      const part = subresource === undefined ? {} : { part: subresource }
      const target = { resource: served(resource, name.name), place: placeOf(name), ...part }
      const body = jsonOf(patch)
      return typed(resource, (await api.patch(target, { type: 'merge', body }, context)).object)
    },
    async remove(resource, name, options = {}) {
      const target = { resource: served(resource, name.name), place: placeOf(name) }
      await api.remove(target, options, context)
    },
  }
}

function placeOf({ name, namespace }: ObjectName): ObjectName {
  return namespace === undefined ? { name } : { name, namespace }
}

/** As it would be on a wire: without what is undefined. */
function jsonOf(value: object): JsonObject {
  return JSON.parse(JSON.stringify(value))
}

/** The API gives objects of the resource that was asked for. */
function typed<T extends KubeObject>(_resource: Resource<T>, object: KubeObject): T {
  return object as T
}
