import type {
  ConfigMap,
  Endpoints,
  KubeEvent,
  KubeObject,
  MeshConfigObject,
  Namespace,
  PolicyObject,
  Secret,
  Service,
  ServiceAccount,
} from '../model/kubernetes.ts'
import type {
  ClusterRole,
  ClusterRoleBinding,
  CustomResourceDefinition,
  EndpointSlice,
  Lease,
  MutatingWebhookConfiguration,
  Role,
  RoleBinding,
  ValidatingWebhookConfiguration,
} from '../model/kubernetes-cluster.ts'
import type { Pod } from '../model/kubernetes-pod.ts'
import type { Deployment, ReplicaSet } from '../model/kubernetes-workload.ts'

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
export const UPSTREAM_TRAFFIC_SETTINGS: Resource<PolicyObject> = policy(
  'upstreamtrafficsettings',
  'UpstreamTrafficSetting',
)
export const RETRIES: Resource<PolicyObject> = policy('retries', 'Retry')
export const LEASES: Resource<Lease> = grouped('coordination.k8s.io', 'leases', 'Lease')
export const ENDPOINT_SLICES: Resource<EndpointSlice> = grouped(
  'discovery.k8s.io',
  'endpointslices',
  'EndpointSlice',
)
const RBAC = 'rbac.authorization.k8s.io'
export const ROLES: Resource<Role> = grouped(RBAC, 'roles', 'Role')
export const ROLE_BINDINGS: Resource<RoleBinding> = grouped(RBAC, 'rolebindings', 'RoleBinding')
export const CLUSTER_ROLES: Resource<ClusterRole> = grouped(RBAC, 'clusterroles', 'ClusterRole', false)
export const CLUSTER_ROLE_BINDINGS: Resource<ClusterRoleBinding> = grouped(
  RBAC,
  'clusterrolebindings',
  'ClusterRoleBinding',
  false,
)
export const CUSTOM_RESOURCE_DEFINITIONS: Resource<CustomResourceDefinition> = grouped(
  'apiextensions.k8s.io',
  'customresourcedefinitions',
  'CustomResourceDefinition',
  false,
)
const ADMISSION = 'admissionregistration.k8s.io'
export const MUTATING_WEBHOOK_CONFIGURATIONS: Resource<MutatingWebhookConfiguration> = grouped(
  ADMISSION,
  'mutatingwebhookconfigurations',
  'MutatingWebhookConfiguration',
  false,
)
export const VALIDATING_WEBHOOK_CONFIGURATIONS: Resource<ValidatingWebhookConfiguration> = grouped(
  ADMISSION,
  'validatingwebhookconfigurations',
  'ValidatingWebhookConfiguration',
  false,
)

function policy(plural: string, kind: string): Resource<PolicyObject> {
  return { group: 'policy.openservicemesh.io', version: 'v1alpha1', plural, kind, namespaced: true }
}

function grouped<T extends KubeObject>(
  group: string,
  plural: string,
  kind: string,
  namespaced = true,
): Resource<T> {
  return { group, version: 'v1', plural, kind, namespaced }
}

/** `v1`, `apps/v1`. */
export function apiVersionOf(resource: Resource): string {
  return resource.group === '' ? resource.version : `${resource.group}/${resource.version}`
}
