import { randomUUID } from 'node:crypto'
import type { KubeClient } from '../kube/client.ts'
import { DEPLOYMENTS, NAMESPACES, PODS, REPLICA_SETS, SERVICE_ACCOUNTS, SERVICES } from '../kube/resources.ts'
import type { Namespace, Pod } from '../model/kubernetes.ts'
import { type Admit, admitting, allOf } from './admission/admission.ts'
import { checkPod, withPodDefaults } from './admission/pod-admission.ts'
import { mountServiceAccount } from './admission/service-account-admission.ts'
import { createServiceAdmission } from './admission/service-admission.ts'
import { admitDeployment, admitReplicaSet } from './admission/workload-admission.ts'
import { createLocalClient } from './local-client.ts'
import { collectGarbage } from './store/garbage-collector.ts'
import { createObjectStore, type ObjectStore } from './store/object-store.ts'

export interface LocalKubernetesOptions {
  /** Microseconds since the epoch. */
  readonly now: () => number
  /** Sees each pod when it is created, with its defaults; may change it. */
  readonly admit?: (pod: Pod) => Pod
  /** Whether pods get the token of their ServiceAccount, which must exist then. Absent: no. */
  readonly mountServiceAccounts?: boolean
  readonly ringCapacity?: number
  readonly random?: () => number
}

export interface LocalKubernetes {
  readonly store: ObjectStore
  readonly client: KubeClient
}

/** Those that every cluster has. */
const FIRST_NAMESPACES = ['default', 'kube-system']

/** The API of a small Kubernetes, without anything that acts on its objects. */
export function createLocalKubernetes(options: LocalKubernetesOptions): LocalKubernetes {
  const { now, admit = pod => pod, ringCapacity, random = Math.random } = options
  const mounted = (pod: Pod) =>
    options.mountServiceAccounts === true
      ? mountServiceAccount(pod, { find: name => store.find(SERVICE_ACCOUNTS, name) })
      : pod
  const admitCreated: Admit<Pod> = (pod, previous) =>
    previous === undefined ? checkPod(mounted(withPodDefaults(admit(withPodDefaults(checkPod(pod)))))) : pod
  const admission = allOf([
    admitting(NAMESPACES, activeNamespace),
    admitting(PODS, admitCreated),
    admitting(
      SERVICES,
      createServiceAdmission(() => clusterAddresses(store), random),
    ),
    admitting(DEPLOYMENTS, admitDeployment),
    admitting(REPLICA_SETS, admitReplicaSet),
  ])
  const store = createObjectStore({
    now,
    newUid: randomUUID,
    random,
    admission,
    ...(ringCapacity === undefined ? {} : { ringCapacity }),
  })
  collectGarbage(store)
  for (const name of FIRST_NAMESPACES) {
    store.create(NAMESPACES, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
  }
  return { store, client: createLocalClient(store) }
}

const activeNamespace: Admit<Namespace> = (namespace, previous) =>
  previous === undefined ? { ...namespace, status: { phase: 'Active' } } : namespace

function clusterAddresses(store: ObjectStore): ReadonlySet<string> {
  return new Set(store.list(SERVICES).items.flatMap(service => service.spec.clusterIP ?? []))
}
