import {
  CONFIG_MAP_COLUMNS,
  LEASE_COLUMNS,
  NAMESPACE_COLUMNS,
  NODE_COLUMNS,
  ROLE_BINDING_COLUMNS,
  SECRET_COLUMNS,
  SERVICE_ACCOUNT_COLUMNS,
  WEBHOOK_COLUMNS,
} from './cluster-columns.ts'
import { type Column, CREATED_AT, NAME } from './column.ts'
import { EVENT_COLUMNS } from './event-columns.ts'
import {
  ENDPOINT_SLICE_COLUMNS,
  ENDPOINTS_COLUMNS,
  INGRESS_COLUMNS,
  NETWORK_POLICY_COLUMNS,
  SERVICE_COLUMNS,
} from './network-columns.ts'
import { POD_COLUMNS } from './pod-columns.ts'
import {
  CRON_JOB_COLUMNS,
  DAEMON_SET_COLUMNS,
  DEPLOYMENT_COLUMNS,
  JOB_COLUMNS,
  REPLICA_SET_COLUMNS,
  STATEFUL_SET_COLUMNS,
} from './workload-columns.ts'

const DEFAULT_COLUMNS: readonly Column[] = [NAME, CREATED_AT]

const BUILT_IN: ReadonlyMap<string, readonly Column[]> = new Map([
  ['/ConfigMap', CONFIG_MAP_COLUMNS],
  ['/Endpoints', ENDPOINTS_COLUMNS],
  ['/Event', EVENT_COLUMNS],
  ['/Namespace', NAMESPACE_COLUMNS],
  ['/Node', NODE_COLUMNS],
  ['/Pod', POD_COLUMNS],
  ['/Secret', SECRET_COLUMNS],
  ['/Service', SERVICE_COLUMNS],
  ['/ServiceAccount', SERVICE_ACCOUNT_COLUMNS],
  ['admissionregistration.k8s.io/MutatingWebhookConfiguration', WEBHOOK_COLUMNS],
  ['admissionregistration.k8s.io/ValidatingWebhookConfiguration', WEBHOOK_COLUMNS],
  ['apps/DaemonSet', DAEMON_SET_COLUMNS],
  ['apps/Deployment', DEPLOYMENT_COLUMNS],
  ['apps/ReplicaSet', REPLICA_SET_COLUMNS],
  ['apps/StatefulSet', STATEFUL_SET_COLUMNS],
  ['batch/CronJob', CRON_JOB_COLUMNS],
  ['batch/Job', JOB_COLUMNS],
  ['coordination.k8s.io/Lease', LEASE_COLUMNS],
  ['discovery.k8s.io/EndpointSlice', ENDPOINT_SLICE_COLUMNS],
  ['events.k8s.io/Event', EVENT_COLUMNS],
  ['networking.k8s.io/Ingress', INGRESS_COLUMNS],
  ['networking.k8s.io/NetworkPolicy', NETWORK_POLICY_COLUMNS],
  ['rbac.authorization.k8s.io/ClusterRoleBinding', ROLE_BINDING_COLUMNS],
  ['rbac.authorization.k8s.io/RoleBinding', ROLE_BINDING_COLUMNS],
])

/**
 * The columns of a kind, as kube-apiserver has them (kubernetes/kubernetes, pkg/printers/internalversion). Kinds
 * without columns of their own, roles and definitions of custom resources among them, show when they were made.
 * `group` is empty for the core group.
 */
export function builtInColumns(group: string, kind: string): readonly Column[] {
  return BUILT_IN.get(`${group}/${kind}`) ?? DEFAULT_COLUMNS
}
