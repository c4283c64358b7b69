import { randomUUID } from 'node:crypto'
import { apiVersionOf, CUSTOM_RESOURCE_DEFINITIONS } from '../../kube/resources.ts'
import type { ObjectStore } from '../store/object-store.ts'
import { sameResource } from '../store/resource-key.ts'
import type { ApiResource } from './api-resource.ts'
import { BUILT_IN_RESOURCES } from './built-in-resources.ts'
import { resourcesOf } from './custom-resources.ts'
import { isEstablished } from './definition-status.ts'

/** Which resources the API serves: the built-in ones, and those that are defined at the time. */
export interface ResourceCatalog {
  find(name: Pick<ApiResource, 'group' | 'version' | 'plural'>): ApiResource | undefined
  ofKind(apiVersion: string, kind: string): ApiResource | undefined
  all(): readonly ApiResource[]
  /** Another one after each change, and in each run. */
  readonly revision: string
}

export function createResourceCatalog(store: ObjectStore): ResourceCatalog {
  let resources = readResources(store)
  const run = randomUUID()
  let revision = 1

  store.subscribe(({ resource }) => {
    if (!sameResource(resource, CUSTOM_RESOURCE_DEFINITIONS)) return
    resources = readResources(store)
    revision++
  })

  return {
    find: ({ group, version, plural }) =>
      resources.find(
        served => served.plural === plural && served.group === group && served.version === version,
      ),
    ofKind: (apiVersion, kind) =>
      resources.find(served => served.kind === kind && apiVersionOf(served) === apiVersion),
    all: () => resources,
    get revision() {
      return `${run}-${revision}`
    },
  }
}

function readResources(store: ObjectStore): readonly ApiResource[] {
  const definitions = store.list(CUSTOM_RESOURCE_DEFINITIONS).items.filter(isEstablished)
  return [...BUILT_IN_RESOURCES, ...definitions.flatMap(resourcesOf)]
}
