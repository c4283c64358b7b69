import { KisekiError } from '../model/errors.ts'
import type { KubeObject } from '../model/kubernetes.ts'
import {
  apiVersionOf,
  CLUSTER_ROLE_BINDINGS,
  CLUSTER_ROLES,
  CONFIG_MAPS,
  CUSTOM_RESOURCE_DEFINITIONS,
  DEPLOYMENTS,
  ENDPOINT_SLICES,
  ENDPOINTS,
  EVENTS,
  LEASES,
  MESH_CONFIGS,
  MUTATING_WEBHOOK_CONFIGURATIONS,
  NAMESPACES,
  PODS,
  REPLICA_SETS,
  RETRIES,
  type Resource,
  ROLE_BINDINGS,
  ROLES,
  SECRETS,
  SERVICE_ACCOUNTS,
  SERVICES,
  UPSTREAM_TRAFFIC_SETTINGS,
  VALIDATING_WEBHOOK_CONFIGURATIONS,
} from './resources.ts'

const BY_KIND: ReadonlyMap<string, Resource> = new Map(
  [
    NAMESPACES,
    PODS,
    SERVICES,
    ENDPOINTS,
    EVENTS,
    SERVICE_ACCOUNTS,
    CONFIG_MAPS,
    SECRETS,
    DEPLOYMENTS,
    REPLICA_SETS,
    MESH_CONFIGS,
    UPSTREAM_TRAFFIC_SETTINGS,
    RETRIES,
    LEASES,
    ENDPOINT_SLICES,
    ROLES,
    ROLE_BINDINGS,
    CLUSTER_ROLES,
    CLUSTER_ROLE_BINDINGS,
    CUSTOM_RESOURCE_DEFINITIONS,
    MUTATING_WEBHOOK_CONFIGURATIONS,
    VALIDATING_WEBHOOK_CONFIGURATIONS,
  ].map(resource => [`${apiVersionOf(resource)} ${resource.kind}`, resource]),
)

/** The resource of an object, by its `apiVersion` and `kind`. `KISEKI_INVALID` where none is known. */
export function resourceOf(object: Pick<KubeObject, 'apiVersion' | 'kind'>): Resource {
  const found = BY_KIND.get(`${object.apiVersion} ${object.kind}`)
  if (found !== undefined) return found
  throw new KisekiError('KISEKI_INVALID', `no kind "${object.kind}" of "${object.apiVersion}" is known`, {
    remedy: `Known are: ${[...BY_KIND.keys()].join(', ')}.`,
  })
}
