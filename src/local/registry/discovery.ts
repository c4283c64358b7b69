import { apiVersionOf } from '../../kube/resources.ts'
import type { JsonObject } from '../../model/json.ts'
import type { ApiResource, Subresource } from './api-resource.ts'

/** Groups of the API, by name. The core group is the empty one. */
interface GroupVersion {
  readonly group: string
  readonly version: string
  readonly resources: readonly ApiResource[]
}

/** In the order in which they are served; the first version of a group is the preferred one. */
export function groupVersions(resources: readonly ApiResource[]): readonly GroupVersion[] {
  const found = new Map<string, ApiResource[]>()
  for (const resource of resources) {
    const key = apiVersionOf(resource)
    const list = found.get(key)
    if (list === undefined) found.set(key, [resource])
    else list.push(resource)
  }
  return [...found.values()].flatMap(list => {
    const [first] = list
    return first === undefined ? [] : [{ group: first.group, version: first.version, resources: list }]
  })
}

/** `/api`: the versions of the core group. */
export function coreVersions(): JsonObject {
  return { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] }
}

/** `/apis` */
export function groupList(resources: readonly ApiResource[]): JsonObject {
  return { kind: 'APIGroupList', apiVersion: 'v1', groups: namedGroups(resources).map(groupOf) }
}

/** `/apis/GROUP`; undefined where there is none. */
export function groupDocument(resources: readonly ApiResource[], name: string): JsonObject | undefined {
  const found = namedGroups(resources).find(([group]) => group === name)
  return found && { kind: 'APIGroup', apiVersion: 'v1', ...groupOf(found) }
}

type NamedGroup = readonly [name: string, versions: readonly GroupVersion[]]

function namedGroups(resources: readonly ApiResource[]): readonly NamedGroup[] {
  const groups = Map.groupBy(
    groupVersions(resources).filter(({ group }) => group !== ''),
    ({ group }) => group,
  )
  return [...groups]
}

function groupOf([name, versions]: NamedGroup): JsonObject {
  const listed = versions.map(({ group, version }) => ({ groupVersion: `${group}/${version}`, version }))
  const [preferredVersion = {}] = listed
  return { name, versions: listed, preferredVersion }
}

/** `/api/v1`, `/apis/GROUP/VERSION`; undefined where there is none. */
export function resourceList(
  resources: readonly ApiResource[],
  group: string,
  version: string,
): JsonObject | undefined {
  const served = resources.filter(resource => resource.group === group && resource.version === version)
  if (served.length === 0) return undefined
  const groupVersion = group === '' ? version : `${group}/${version}`
  return {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion,
    resources: served.flatMap(resource => [
      legacyResource(resource),
      ...resource.subresources.map(part => legacySubresource(resource, part)),
    ]),
  }
}

function legacyResource(resource: ApiResource): JsonObject {
  return {
    name: resource.plural,
    singularName: resource.singular,
    namespaced: resource.namespaced,
    kind: resource.kind,
    verbs: resource.verbs,
    ...namesOf(resource),
  }
}

function legacySubresource(resource: ApiResource, { name, verbs, kind }: Subresource): JsonObject {
  return {
    name: `${resource.plural}/${name}`,
    singularName: '',
    namespaced: resource.namespaced,
    ...(kind ?? { kind: resource.kind }),
    verbs,
  }
}

function namesOf({ shortNames, categories }: ApiResource): JsonObject {
  return {
    ...(shortNames.length === 0 ? {} : { shortNames }),
    ...(categories.length === 0 ? {} : { categories }),
  }
}

/** All groups in one answer (KEP 3352); the core group under `/api` alone, the others under `/apis`. */
export function aggregatedDiscovery(
  resources: readonly ApiResource[],
  options: { readonly core: boolean; readonly version: 'v2' | 'v2beta1' },
): JsonObject {
  const wanted = resources.filter(({ group }) => (group === '') === options.core)
  const groups = Map.groupBy(groupVersions(wanted), ({ group }) => group)
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: `apidiscovery.k8s.io/${options.version}`,
    metadata: {},
    items: [...groups].map(([name, versions]) => ({
      metadata: { name, creationTimestamp: null },
      versions: versions.map(({ version, resources: served }) => ({
        version,
        freshness: 'Current',
        resources: served.map(discoveredResource),
      })),
    })),
  }
}

function discoveredResource(resource: ApiResource): JsonObject {
  const { group, version, kind, plural, namespaced, singular, verbs, subresources } = resource
  return {
    resource: plural,
    responseKind: { group, version, kind },
    scope: namespaced ? 'Namespaced' : 'Cluster',
    singularResource: singular,
    verbs,
    ...namesOf(resource),
    ...(subresources.length === 0
      ? {}
      : {
          subresources: subresources.map(part => ({
            subresource: part.name,
            responseKind: part.kind ?? { group, version, kind },
            verbs: part.verbs,
          })),
        }),
  }
}
