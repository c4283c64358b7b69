import type { ApiResource, Subresource, Verb } from './api-resource.ts'

export const ALL_VERBS: readonly Verb[] = [
  'create',
  'delete',
  'deletecollection',
  'get',
  'list',
  'patch',
  'update',
  'watch',
]

export const STATUS: Subresource = { name: 'status', verbs: ['get', 'patch', 'update'] }
export const SCALE: Subresource = {
  name: 'scale',
  verbs: ['get', 'patch', 'update'],
  kind: { group: 'autoscaling', version: 'v1', kind: 'Scale' },
}
const REPLICAS = { specReplicas: ['spec', 'replicas'], statusReplicas: ['status', 'replicas'] }

type Extra = Partial<ApiResource>

function resource(group: string, plural: string, kind: string, extra: Extra = {}): ApiResource {
  return {
    group,
    version: 'v1',
    plural,
    kind,
    namespaced: true,
    singular: kind.toLowerCase(),
    shortNames: [],
    categories: [],
    verbs: ALL_VERBS,
    subresources: [],
    ...extra,
  }
}

const GLOBAL: Extra = { namespaced: false }
const ALL = ['all']

/** Streams and answers of a pod's own. */
const POD_PARTS: readonly Subresource[] = [
  { name: 'attach', verbs: ['create', 'get'] },
  { name: 'exec', verbs: ['create', 'get'] },
  { name: 'log', verbs: ['get'] },
  { name: 'portforward', verbs: ['create', 'get'] },
  { name: 'proxy', verbs: ['create', 'delete', 'get', 'patch', 'update'] },
]

const CORE: readonly ApiResource[] = [
  resource('', 'namespaces', 'Namespace', { ...GLOBAL, shortNames: ['ns'], subresources: [STATUS] }),
  resource('', 'nodes', 'Node', { ...GLOBAL, shortNames: ['no'], subresources: [STATUS] }),
  resource('', 'pods', 'Pod', { shortNames: ['po'], categories: ALL, subresources: [STATUS, ...POD_PARTS] }),
  resource('', 'services', 'Service', {
    shortNames: ['svc'],
    categories: ALL,
    subresources: [STATUS, { name: 'proxy', verbs: ['create', 'delete', 'get', 'patch', 'update'] }],
  }),
  resource('', 'endpoints', 'Endpoints', { singular: 'endpoints', shortNames: ['ep'] }),
  resource('', 'events', 'Event', { shortNames: ['ev'] }),
  resource('', 'configmaps', 'ConfigMap', { shortNames: ['cm'] }),
  resource('', 'secrets', 'Secret'),
  resource('', 'serviceaccounts', 'ServiceAccount', {
    shortNames: ['sa'],
    subresources: [
      {
        name: 'token',
        verbs: ['create'],
        kind: { group: 'authentication.k8s.io', version: 'v1', kind: 'TokenRequest' },
      },
    ],
  }),
]

const APPS: readonly ApiResource[] = [
  resource('apps', 'deployments', 'Deployment', {
    shortNames: ['deploy'],
    categories: ALL,
    subresources: [STATUS, SCALE],
    scale: REPLICAS,
  }),
  resource('apps', 'replicasets', 'ReplicaSet', {
    shortNames: ['rs'],
    categories: ALL,
    subresources: [STATUS, SCALE],
    scale: REPLICAS,
  }),
]

const RBAC = 'rbac.authorization.k8s.io'
const ADMISSION = 'admissionregistration.k8s.io'

const POLICY: readonly ApiResource[] = [
  resource(RBAC, 'roles', 'Role'),
  resource(RBAC, 'rolebindings', 'RoleBinding'),
  resource(RBAC, 'clusterroles', 'ClusterRole', GLOBAL),
  resource(RBAC, 'clusterrolebindings', 'ClusterRoleBinding', GLOBAL),
  resource(ADMISSION, 'mutatingwebhookconfigurations', 'MutatingWebhookConfiguration', GLOBAL),
  resource(ADMISSION, 'validatingwebhookconfigurations', 'ValidatingWebhookConfiguration', GLOBAL),
  resource('apiextensions.k8s.io', 'customresourcedefinitions', 'CustomResourceDefinition', {
    ...GLOBAL,
    shortNames: ['crd', 'crds'],
    categories: ['api-extensions'],
    subresources: [STATUS],
  }),
  resource('coordination.k8s.io', 'leases', 'Lease'),
  resource('discovery.k8s.io', 'endpointslices', 'EndpointSlice'),
]

/** Questions that are answered and not kept. */
const REVIEWS: readonly ApiResource[] = [
  resource('authorization.k8s.io', 'selfsubjectaccessreviews', 'SelfSubjectAccessReview', {
    ...GLOBAL,
    verbs: ['create'],
  }),
  resource('authorization.k8s.io', 'selfsubjectrulesreviews', 'SelfSubjectRulesReview', {
    ...GLOBAL,
    verbs: ['create'],
  }),
  resource('authorization.k8s.io', 'subjectaccessreviews', 'SubjectAccessReview', {
    ...GLOBAL,
    verbs: ['create'],
  }),
  resource('authorization.k8s.io', 'localsubjectaccessreviews', 'LocalSubjectAccessReview', {
    verbs: ['create'],
  }),
  resource('authentication.k8s.io', 'tokenreviews', 'TokenReview', { ...GLOBAL, verbs: ['create'] }),
  resource('authentication.k8s.io', 'selfsubjectreviews', 'SelfSubjectReview', {
    ...GLOBAL,
    verbs: ['create'],
  }),
]

/** Listed, so that clients that look at everything find nothing; creating one would promise what nobody keeps. */
const UNSUPPORTED: readonly ApiResource[] = [
  unsupported('apps', 'statefulsets', 'StatefulSet', {
    shortNames: ['sts'],
    categories: ALL,
    unsupported: 'StatefulSets are not run on one machine; use a Deployment',
  }),
  unsupported('apps', 'daemonsets', 'DaemonSet', {
    shortNames: ['ds'],
    categories: ALL,
    unsupported: 'DaemonSets are not run on one machine; use a Deployment',
  }),
  unsupported('batch', 'jobs', 'Job', {
    categories: ALL,
    unsupported: 'Jobs are not run on one machine; use a Pod with restartPolicy Never',
  }),
  unsupported('batch', 'cronjobs', 'CronJob', {
    shortNames: ['cj'],
    categories: ALL,
    unsupported: 'CronJobs are not run on one machine',
  }),
  unsupported('networking.k8s.io', 'ingresses', 'Ingress', {
    shortNames: ['ing'],
    unsupported: 'there is no ingress controller on one machine; use `kubectl port-forward`',
  }),
  unsupported('networking.k8s.io', 'networkpolicies', 'NetworkPolicy', {
    shortNames: ['netpol'],
    unsupported: 'network policies are not enforced on one machine',
  }),
  unsupported('policy', 'poddisruptionbudgets', 'PodDisruptionBudget', {
    shortNames: ['pdb'],
    unsupported: 'disruption budgets are not kept on one machine',
  }),
  unsupported('', 'persistentvolumeclaims', 'PersistentVolumeClaim', {
    shortNames: ['pvc'],
    unsupported: 'there is no storage provisioner on one machine; use an emptyDir or hostPath volume',
  }),
  unsupported('', 'persistentvolumes', 'PersistentVolume', {
    ...GLOBAL,
    shortNames: ['pv'],
    unsupported: 'persistent volumes are not kept on one machine; use an emptyDir or hostPath volume',
  }),
  unsupported('storage.k8s.io', 'storageclasses', 'StorageClass', {
    ...GLOBAL,
    shortNames: ['sc'],
    unsupported: 'there is no storage provisioner on one machine; use an emptyDir or hostPath volume',
  }),
  unsupported('scheduling.k8s.io', 'priorityclasses', 'PriorityClass', {
    ...GLOBAL,
    shortNames: ['pc'],
    unsupported: 'pods have no priorities on one machine: all of them run',
  }),
  ...['v2', 'v1'].map(version =>
    unsupported('autoscaling', 'horizontalpodautoscalers', 'HorizontalPodAutoscaler', {
      version,
      shortNames: ['hpa'],
      categories: ALL,
      unsupported: 'nothing is scaled by itself on one machine; use `kubectl scale`',
    }),
  ),
  unsupported('', 'resourcequotas', 'ResourceQuota', {
    shortNames: ['quota'],
    unsupported: 'quotas are not kept on one machine',
  }),
  unsupported('', 'limitranges', 'LimitRange', {
    shortNames: ['limits'],
    unsupported: 'limit ranges are not kept on one machine',
  }),
]

function unsupported(group: string, plural: string, kind: string, extra: Extra): ApiResource {
  return resource(group, plural, kind, { verbs: ['create', 'get', 'list', 'watch'], ...extra })
}

/** What the API serves before anybody defines more. */
export const BUILT_IN_RESOURCES: readonly ApiResource[] = [
  ...CORE,
  ...APPS,
  ...POLICY,
  ...REVIEWS,
  ...UNSUPPORTED,
]
