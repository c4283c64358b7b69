import { KisekiError } from '../model/errors.ts'
import type { KubeObject } from '../model/kubernetes.ts'
import {
  apiVersionOf,
  CONFIG_MAPS,
  DEPLOYMENTS,
  ENDPOINTS,
  EVENTS,
  MESH_CONFIGS,
  NAMESPACES,
  PODS,
  REPLICA_SETS,
  type Resource,
  SECRETS,
  SERVICE_ACCOUNTS,
  SERVICES,
} from './resources.ts'

/** Kinds whose objects the product only passes on. */
const PASSED_ON: readonly Resource[] = [
  rbac('roles', 'Role', true),
  rbac('rolebindings', 'RoleBinding', true),
  rbac('clusterroles', 'ClusterRole', false),
  rbac('clusterrolebindings', 'ClusterRoleBinding', false),
  {
    group: 'apiextensions.k8s.io',
    version: 'v1',
    plural: 'customresourcedefinitions',
    kind: 'CustomResourceDefinition',
    namespaced: false,
  },
  webhooks('mutatingwebhookconfigurations', 'MutatingWebhookConfiguration'),
  webhooks('validatingwebhookconfigurations', 'ValidatingWebhookConfiguration'),
]

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
    ...PASSED_ON,
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

function rbac(plural: string, kind: string, namespaced: boolean): Resource {
  return { group: 'rbac.authorization.k8s.io', version: 'v1', plural, kind, namespaced }
}

function webhooks(plural: string, kind: string): Resource {
  return { group: 'admissionregistration.k8s.io', version: 'v1', plural, kind, namespaced: false }
}
