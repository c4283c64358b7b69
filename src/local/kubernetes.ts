import { randomUUID } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { KubeClient } from '../kube/client.ts'
import {
  CONFIG_MAPS,
  CUSTOM_RESOURCE_DEFINITIONS,
  DEPLOYMENTS,
  ENDPOINT_SLICES,
  MUTATING_WEBHOOK_CONFIGURATIONS,
  NAMESPACES,
  PODS,
  REPLICA_SETS,
  SECRETS,
  SERVICE_ACCOUNTS,
  SERVICES,
  VALIDATING_WEBHOOK_CONFIGURATIONS,
} from '../kube/resources.ts'
import type { Namespace } from '../model/kubernetes.ts'
import type { Pod } from '../model/kubernetes-pod.ts'
import { createLogger, type Logger } from '../runtime/logger.ts'
import type { Metrics } from '../runtime/metrics.ts'
import { type Admit, admitting, allOf } from './admission/admission.ts'
import { admitConfigMap, admitSecret } from './admission/config-admission.ts'
import { withEndpointSliceDefaults } from './admission/defaults/endpoint-slice-defaults.ts'
import { createDefinitionAdmission } from './admission/definition-admission.ts'
import { checkPod, withPodDefaults } from './admission/pod-admission.ts'
import { checkPodUpdate } from './admission/pod-update.ts'
import { mountServiceAccount } from './admission/service-account-admission.ts'
import { createServiceAdmission } from './admission/service-admission.ts'
import { admitDeployment, admitReplicaSet } from './admission/workload-admission.ts'
import { createFieldOwners } from './api/field-owners.ts'
import { createObjectApi, type ObjectApi } from './api/object-api.ts'
import { createWritePipeline } from './api/write-pipeline.ts'
import { createLocalClient } from './local-client.ts'
import { hasStatus } from './registry/api-resource.ts'
import { cleanUpDefinitions } from './registry/definition-cleanup.ts'
import { createResourceCatalog, type ResourceCatalog } from './registry/resource-catalog.ts'
import { serviceTargets } from './service-targets.ts'
import { collectGarbage } from './store/garbage-collector.ts'
import {
  type Admission,
  createObjectStore,
  type ObjectStore,
  type ObjectStoreOptions,
} from './store/object-store.ts'
import { createWebhookAdmission, type WebhookAdmission } from './webhooks/webhook-admission.ts'

export interface LocalKubernetesOptions {
  /** Microseconds since the epoch. */
  readonly now: () => number
  /** What was there when a former run ended. */
  readonly restored?: NonNullable<ObjectStoreOptions['restored']>
  /** Whether pods get the token of their ServiceAccount, which must exist then. Absent: no. */
  readonly mountServiceAccounts?: boolean
  readonly ringCapacity?: number
  readonly random?: () => number
  readonly logger?: Logger
  readonly metrics?: Metrics
}

export interface LocalKubernetes {
  readonly store: ObjectStore
  readonly catalog: ResourceCatalog
  /** As clients from outside see it. */
  readonly api: ObjectApi
  /** A client in this process, whose writes are the manager's. */
  clientOf(manager: string): KubeClient
  readonly client: KubeClient
  /** Cuts calls of webhooks that are under way. */
  close(): void
}

/** Those that every cluster has. */
const FIRST_NAMESPACES = ['default', 'kube-node-lease', 'kube-public', 'kube-system']
const SILENT: Logger = createLogger({ component: 'kubernetes', level: 'error', write: () => undefined })

/** The API of a small Kubernetes, without anything that acts on its objects. */
export function createLocalKubernetes(options: LocalKubernetesOptions): LocalKubernetes {
  const { now, ringCapacity, restored, random = Math.random, logger = SILENT } = options
  const admission = createAdmission(() => store, options)
  const store = createObjectStore({
    now,
    newUid: randomUUID,
    random,
    admission,
    hasStatus: resource => {
      const served = catalog.find(resource)
      return served === undefined || hasStatus(served)
    },
    ...(ringCapacity === undefined ? {} : { ringCapacity }),
    ...(restored === undefined ? {} : { restored }),
  })
  const catalog = createResourceCatalog(store)
  const owners = createFieldOwners(now)
  const webhooks = createWebhooks(store, logger, options.metrics)
  const pipeline = createWritePipeline({ store, admission, webhooks, owners })
  const api = createObjectApi({ store, pipeline, owners })
  const clientOf = (manager: string): KubeClient => createLocalClient({ api, catalog, manager })
  collectGarbage(store)
  cleanUpDefinitions(store)
  for (const name of FIRST_NAMESPACES) {
    if (store.find(NAMESPACES, { name }) === undefined)
      store.create(NAMESPACES, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
  }
  return { store, catalog, api, clientOf, client: clientOf('kiseki'), close: () => webhooks.close() }
}

function createAdmission(
  store: () => ObjectStore,
  { now, mountServiceAccounts = false, random = Math.random }: LocalKubernetesOptions,
): Admission {
  const mounted = (pod: Pod): Pod =>
    mountServiceAccounts
      ? mountServiceAccount(pod, {
          find: name => store().find(SERVICE_ACCOUNTS, name),
          newSuffix: () => randomUUID().slice(0, 5),
        })
      : pod
  const admitPod: Admit<Pod> = (pod, previous) => {
    if (previous === undefined) return checkPod(mounted(withPodDefaults(checkPod(pod))))
    if (isDeepStrictEqual(pod.spec, previous.spec)) return pod
    const complete = withPodDefaults(checkPod(pod))
    // A former version of this program may have had fewer defaults.
    checkPodUpdate(complete, withPodDefaults(previous))
    return complete
  }
  return allOf([
    admitting(NAMESPACES, activeNamespace),
    admitting(PODS, admitPod),
    admitting(
      SERVICES,
      createServiceAdmission(() => clusterAddresses(store()), random),
    ),
    admitting(DEPLOYMENTS, admitDeployment),
    admitting(REPLICA_SETS, admitReplicaSet),
    admitting(SECRETS, admitSecret),
    admitting(CONFIG_MAPS, admitConfigMap),
    admitting(ENDPOINT_SLICES, withEndpointSliceDefaults),
    admitting(
      CUSTOM_RESOURCE_DEFINITIONS,
      createDefinitionAdmission({ now, definitions: () => store().list(CUSTOM_RESOURCE_DEFINITIONS).items }),
    ),
  ])
}

function createWebhooks(store: ObjectStore, logger: Logger, metrics?: Metrics): WebhookAdmission {
  return createWebhookAdmission({
    configurations: () => ({
      mutating: store.list(MUTATING_WEBHOOK_CONFIGURATIONS).items,
      validating: store.list(VALIDATING_WEBHOOK_CONFIGURATIONS).items,
    }),
    resolveService(namespace, name, port) {
      const targets = serviceTargets(store, { namespace, name }, port)
      if (targets === undefined) return undefined
      const [target] = targets
      if (target === undefined) return 'no-endpoints'
      return { host: target.address, port: target.port, serverName: `${name}.${namespace}.svc` }
    },
    namespaceLabels(name) {
      const found = store.find(NAMESPACES, { name })
      return found && (found.metadata.labels ?? {})
    },
    newUid: randomUUID,
    logger,
    ...(metrics === undefined ? {} : { metrics }),
  })
}

const activeNamespace: Admit<Namespace> = (namespace, previous) => {
  const { name, labels } = namespace.metadata
  const named = { ...namespace.metadata, labels: { ...labels, 'kubernetes.io/metadata.name': name } }
  const placed = { ...namespace, metadata: named }
  return previous === undefined
    ? { ...placed, spec: { finalizers: ['kubernetes'] }, status: { phase: 'Active' } }
    : placed
}

function clusterAddresses(store: ObjectStore): ReadonlySet<string> {
  return new Set(store.list(SERVICES).items.flatMap(service => service.spec.clusterIP ?? []))
}
