import { unlessAbsent } from '../../kube/kube-errors.ts'
import { PODS, REPLICA_SETS } from '../../kube/resources.ts'
import { messageOf } from '../../model/errors.ts'
import type { Pod } from '../../model/kubernetes-pod.ts'
import type { ReplicaSet } from '../../model/kubernetes-workload.ts'
import type { Controller, ControllerContext } from './controller.ts'
import { keyOf, parseKey } from './object-key.ts'
import { controllerKey, isControlledBy, ownerReferenceTo } from './ownership.ts'
import { hasEnded, isLeaving, isReady } from './pod-state.ts'
import { createReconciler, type Reconciler } from './reconciler.ts'

const COMPONENT = 'replicaset-controller'

/** As many pods as a ReplicaSet wants. */
export function startReplicaSetController(context: ControllerContext): Controller {
  const reconciler: Reconciler = createReconciler({
    name: COMPONENT,
    reconcile: async key => {
      const millis = await reconcile(context, key)
      if (millis !== undefined) reconciler.addLater(key, millis)
    },
    logger: context.logger,
  })
  context.replicaSets.onChange(({ object }) => reconciler.add(keyOf(object)))
  context.pods.onChange(({ object }) => {
    const key = controllerKey(object, REPLICA_SETS.kind)
    if (key !== undefined) reconciler.add(key)
  })
  return reconciler
}

/** After how many milliseconds more pods may be available; undefined where that is no matter of time. */
async function reconcile(context: ControllerContext, key: string): Promise<number | undefined> {
  const { client } = context
  const replicaSet = await unlessAbsent(client.get(REPLICA_SETS, parseKey(key)))
  if (replicaSet === undefined || replicaSet.metadata.deletionTimestamp !== undefined) return undefined
  const { namespace } = parseKey(key)
  const pods = await client.list(PODS, { namespace })
  const counted = pods.items.filter(
    pod => isControlledBy(pod, replicaSet) && !isLeaving(pod) && !hasEnded(pod),
  )
  const missing = replicaSet.spec.replicas - counted.length
  const waits = counted.map(pod => millisToAvailable(pod, replicaSet, context.now()))
  const available = waits.filter(wait => wait === 0).length
  await writeStatus(context, replicaSet, { pods: counted, available })
  for (let i = 0; i < missing; i++) await createPod(context, replicaSet)
  const surplus = counted.toSorted(leastWantedFirst).slice(0, Math.max(0, -missing))
  for (const pod of surplus) await removePod(context, replicaSet, pod)
  const later = waits.flatMap(wait => (wait === undefined || wait === 0 ? [] : [wait]))
  return later.length === 0 ? undefined : Math.min(...later)
}

/** Undefined while it is not ready. */
function millisToAvailable(pod: Pod, { spec }: ReplicaSet, nowMicros: number): number | undefined {
  if (!isReady(pod)) return undefined
  const { minReadySeconds = 0 } = spec
  if (minReadySeconds === 0) return 0
  const since = pod.status?.conditions?.find(({ type }) => type === 'Ready')?.lastTransitionTime
  const readyAt = Date.parse(since ?? '') || nowMicros / 1000
  return Math.max(0, readyAt + minReadySeconds * 1000 - nowMicros / 1000)
}

async function createPod(context: ControllerContext, replicaSet: ReplicaSet): Promise<void> {
  const { name, namespace = '' } = replicaSet.metadata
  const { template } = replicaSet.spec
  try {
    const created = await context.client.create(PODS, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        ...template.metadata,
        name: '',
        generateName: `${name}-`,
        namespace,
        ownerReferences: [ownerReferenceTo(REPLICA_SETS, replicaSet)],
      },
      spec: template.spec,
    })
    record(context, replicaSet, 'Normal', 'SuccessfulCreate', `Created pod: ${created.metadata.name}`)
  } catch (error) {
    record(context, replicaSet, 'Warning', 'FailedCreate', `Error creating: ${messageOf(error)}`)
    throw error
  }
}

async function removePod(context: ControllerContext, replicaSet: ReplicaSet, pod: Pod): Promise<void> {
  await unlessAbsent(context.client.remove(PODS, pod.metadata))
  record(context, replicaSet, 'Normal', 'SuccessfulDelete', `Deleted pod: ${pod.metadata.name}`)
}

/** Those that serve stay; of the others the youngest go. */
function leastWantedFirst(one: Pod, other: Pod): number {
  const readiness = Number(isReady(one)) - Number(isReady(other))
  return readiness === 0 ? bornAt(other) - bornAt(one) : readiness
}

function bornAt(pod: Pod): number {
  return Date.parse(pod.metadata.creationTimestamp ?? '')
}

async function writeStatus(
  { client }: ControllerContext,
  replicaSet: ReplicaSet,
  { pods, available }: { readonly pods: readonly Pod[]; readonly available: number },
): Promise<void> {
  const ready = pods.filter(isReady).length
  const status = {
    replicas: pods.length,
    readyReplicas: ready,
    availableReplicas: available,
    observedGeneration: replicaSet.metadata.generation,
  }
  await client.patch(REPLICA_SETS, replicaSet.metadata, { status }, { subresource: 'status' })
}

function record(
  { events }: ControllerContext,
  replicaSet: ReplicaSet,
  type: 'Normal' | 'Warning',
  reason: string,
  message: string,
): void {
  events.record(replicaSet, { type, reason, message, component: COMPONENT })
}
