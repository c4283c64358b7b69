import type { KubeObject, ServiceAccount } from '../../model/kubernetes.ts'
import type { InstallValues } from './install-values.ts'
import { commonLabels } from './object-labels.ts'

interface PolicyRule {
  readonly apiGroups: readonly string[]
  readonly resources: readonly string[]
  readonly verbs: readonly string[]
}

interface ClusterRole extends KubeObject {
  readonly rules: readonly PolicyRule[]
}

interface ClusterRoleBinding extends KubeObject {
  readonly roleRef: { readonly apiGroup: string; readonly kind: string; readonly name: string }
  readonly subjects: readonly { readonly kind: string; readonly name: string; readonly namespace: string }[]
}

const RBAC = 'rbac.authorization.k8s.io'
const READ = ['get', 'list', 'watch']

/** No more than the control plane does. */
const RULES: readonly PolicyRule[] = [
  {
    apiGroups: [''],
    resources: ['namespaces', 'pods', 'services', 'endpoints', 'serviceaccounts'],
    verbs: READ,
  },
  { apiGroups: ['apps'], resources: ['deployments', 'replicasets'], verbs: READ },
  { apiGroups: ['config.openservicemesh.io'], resources: ['meshconfigs'], verbs: READ },
  { apiGroups: ['config.openservicemesh.io'], resources: ['meshconfigs/status'], verbs: ['patch', 'update'] },
  { apiGroups: [''], resources: ['events'], verbs: ['create', 'patch'] },
  // The authority of the webhooks' certificate is kept in a Secret, and its certificate written into them.
  { apiGroups: [''], resources: ['secrets'], verbs: ['get', 'create', 'patch'] },
  {
    apiGroups: ['admissionregistration.k8s.io'],
    resources: ['mutatingwebhookconfigurations', 'validatingwebhookconfigurations'],
    verbs: [...READ, 'patch'],
  },
  {
    apiGroups: ['coordination.k8s.io'],
    resources: ['leases'],
    verbs: ['get', 'create', 'update', 'patch'],
  },
]

/** The account of the control plane, with what it may do; all three have the name of the mesh, as in osm-edge. */
export function renderAccess(
  values: InstallValues,
): readonly [ServiceAccount, ClusterRole, ClusterRoleBinding] {
  const { meshName: name, meshNamespace: namespace } = values
  const labels = commonLabels(values)
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace, labels } },
    { apiVersion: `${RBAC}/v1`, kind: 'ClusterRole', metadata: { name, labels }, rules: RULES },
    {
      apiVersion: `${RBAC}/v1`,
      kind: 'ClusterRoleBinding',
      metadata: { name, labels },
      roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name },
      subjects: [{ kind: 'ServiceAccount', name, namespace }],
    },
  ]
}
