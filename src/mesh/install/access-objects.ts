import type { ServiceAccount } from '../../model/kubernetes.ts'
import type {
  ClusterRole,
  ClusterRoleBinding,
  PolicyRule,
  Role,
  RoleBinding,
} from '../../model/kubernetes-cluster.ts'
import type { InstallValues } from './install-values.ts'
import { commonLabels } from './object-labels.ts'

const RBAC = 'rbac.authorization.k8s.io'
const POLICY = 'policy.openservicemesh.io'
const POLICIES = ['upstreamtrafficsettings', 'retries']
const READ = ['get', 'list', 'watch']

/** In the whole cluster, no more than the control plane does. */
const CLUSTER_RULES: readonly PolicyRule[] = [
  {
    apiGroups: [''],
    resources: ['namespaces', 'pods', 'services', 'endpoints', 'serviceaccounts'],
    verbs: READ,
  },
  { apiGroups: ['apps'], resources: ['deployments', 'replicasets'], verbs: READ },
  { apiGroups: ['config.openservicemesh.io'], resources: ['meshconfigs'], verbs: READ },
  { apiGroups: ['config.openservicemesh.io'], resources: ['meshconfigs/status'], verbs: ['patch', 'update'] },
  { apiGroups: [POLICY], resources: POLICIES, verbs: READ },
  { apiGroups: [POLICY], resources: POLICIES.map(name => `${name}/status`), verbs: ['patch', 'update'] },
  { apiGroups: [''], resources: ['events'], verbs: ['create', 'patch'] },
  // The injector writes the authority of its certificate into them.
  {
    apiGroups: ['admissionregistration.k8s.io'],
    resources: ['mutatingwebhookconfigurations', 'validatingwebhookconfigurations'],
    verbs: [...READ, 'patch'],
  },
]

/** In its own namespace: the Secret with that authority, and who of several controllers leads. */
const OWN_RULES: readonly PolicyRule[] = [
  { apiGroups: [''], resources: ['secrets'], verbs: ['get', 'create', 'patch'] },
  {
    apiGroups: ['coordination.k8s.io'],
    resources: ['leases'],
    verbs: ['get', 'create', 'update', 'patch'],
  },
]

/** The account of the control plane, with what it may do; all have the name of the mesh, as in osm-edge. */
export function renderAccess(
  values: InstallValues,
): readonly [ServiceAccount, ClusterRole, ClusterRoleBinding, Role, RoleBinding] {
  const { meshName: name, meshNamespace: namespace } = values
  const labels = commonLabels(values)
  const apiVersion = `${RBAC}/v1`
  const subjects = [{ kind: 'ServiceAccount' as const, name, namespace }]
  const everywhere = { name, labels }
  const here = { name, namespace, labels }
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: here },
    { apiVersion, kind: 'ClusterRole', metadata: everywhere, rules: CLUSTER_RULES },
    {
      apiVersion,
      kind: 'ClusterRoleBinding',
      metadata: everywhere,
      roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name },
      subjects,
    },
    { apiVersion, kind: 'Role', metadata: here, rules: OWN_RULES },
    {
      apiVersion,
      kind: 'RoleBinding',
      metadata: here,
      roleRef: { apiGroup: RBAC, kind: 'Role', name },
      subjects,
    },
  ]
}
