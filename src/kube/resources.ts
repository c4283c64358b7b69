import type {
  ConfigMap,
  Deployment,
  Endpoints,
  KubeEvent,
  KubeObject,
  MeshConfigObject,
  Namespace,
  Pod,
  ReplicaSet,
  Secret,
  Service,
  ServiceAccount,
} from '../model/kubernetes.ts'

/** Names a kind of object of the Kubernetes API. */
export interface Resource<T extends KubeObject = KubeObject> {
  /** Empty for the core group. */
  readonly group: string
  readonly version: string
  readonly plural: string
  readonly kind: string
  readonly namespaced: boolean
  /** Only for the compiler: the type of the objects. */
  readonly __object?: T
}

const core = <T extends KubeObject>(plural: string, kind: string, namespaced = true): Resource<T> => ({
  group: '',
  version: 'v1',
  plural,
  kind,
  namespaced,
})

export const NAMESPACES: Resource<Namespace> = core('namespaces', 'Namespace', false)
export const PODS: Resource<Pod> = core('pods', 'Pod')
export const SERVICES: Resource<Service> = core('services', 'Service')
export const ENDPOINTS: Resource<Endpoints> = core('endpoints', 'Endpoints')
export const EVENTS: Resource<KubeEvent> = core('events', 'Event')
export const SERVICE_ACCOUNTS: Resource<ServiceAccount> = core('serviceaccounts', 'ServiceAccount')
export const CONFIG_MAPS: Resource<ConfigMap> = core('configmaps', 'ConfigMap')
export const SECRETS: Resource<Secret> = core('secrets', 'Secret')
export const DEPLOYMENTS: Resource<Deployment> = {
  group: 'apps',
  version: 'v1',
  plural: 'deployments',
  kind: 'Deployment',
  namespaced: true,
}
export const REPLICA_SETS: Resource<ReplicaSet> = {
  ...DEPLOYMENTS,
  plural: 'replicasets',
  kind: 'ReplicaSet',
} as Resource<ReplicaSet>
export const MESH_CONFIGS: Resource<MeshConfigObject> = {
  group: 'config.openservicemesh.io',
  version: 'v1alpha2',
  plural: 'meshconfigs',
  kind: 'MeshConfig',
  namespaced: true,
}

/** `v1`, `apps/v1`. */
export function apiVersionOf(resource: Resource): string {
  return resource.group === '' ? resource.version : `${resource.group}/${resource.version}`
}
