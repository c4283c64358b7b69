import { unlessAbsent } from '../../kube/kube-errors.ts'
import { DEPLOYMENTS, PODS, REPLICA_SETS } from '../../kube/resources.ts'
import type { Pod } from '../../model/kubernetes-pod.ts'
import type { Deployment, ReplicaSet } from '../../model/kubernetes-workload.ts'
import type { Controller, ControllerContext } from './controller.ts'
import { deploymentStatus, millisToDeadline, type RolloutState } from './deployment-status.ts'
import { keyOf, parseKey } from './object-key.ts'
import { controllerKey, isControlledBy } from './ownership.ts'
import { createReconciler, type Reconciler } from './reconciler.ts'
import { inheritedAnnotations, newReplicaSet, REVISION_ANNOTATION, revisionOf } from './revision.ts'
import { rollingSteps } from './rolling-update.ts'

const COMPONENT = 'deployment-controller'
const DEFAULT_HISTORY_LIMIT = 10

/**
 * One ReplicaSet a pod template. With a new template the pods of the old one are replaced step by step, or with
 * strategy `Recreate` all ended first. A Deployment that is paused is only scaled.
 */
export function startDeploymentController(context: ControllerContext): Controller {
  const { deployments, replicaSets, pods, logger, now } = context
  const reconciler: Reconciler = createReconciler({
    name: COMPONENT,
    reconcile: async key => {
      const written = await reconcile(context, key)
      const millis = written && millisToDeadline(written, now())
      if (millis !== undefined) reconciler.addLater(key, millis)
    },
    logger,
  })
  const ownerChanged = (object: ReplicaSet | undefined) => {
    const key = object && controllerKey(object, DEPLOYMENTS.kind)
    if (key !== undefined) reconciler.add(key)
  }
  deployments.onChange(({ object }) => reconciler.add(keyOf(object)))
  replicaSets.onChange(({ object }) => ownerChanged(object))
  pods.onChange(({ type, object }) => {
    const key = controllerKey(object, REPLICA_SETS.kind)
    // `Recreate` waits for the end of the last old pod.
    if (type === 'DELETED' && key !== undefined) ownerChanged(replicaSets.get(parseKey(key)))
  })
  return reconciler
}

interface Rollout {
  readonly deployment: Deployment
  readonly current: ReplicaSet
  readonly old: readonly ReplicaSet[]
}

/** The Deployment as it is then; undefined where there is none. */
async function reconcile(context: ControllerContext, key: string): Promise<Deployment | undefined> {
  const { client } = context
  const deployment = await unlessAbsent(client.get(DEPLOYMENTS, parseKey(key)))
  if (deployment === undefined || deployment.metadata.deletionTimestamp !== undefined) return undefined
  const { namespace } = parseKey(key)
  const all = (await client.list(REPLICA_SETS, { namespace })).items
  const owned = all.filter(replicaSet => isControlledBy(replicaSet, deployment))
  const others = (current: ReplicaSet | undefined) =>
    owned.filter(({ metadata }) => metadata.uid !== current?.metadata.uid)
  if (deployment.spec.paused === true) {
    const current = replicaSetOf(deployment, owned)
    await scaleActive(context, deployment, owned)
    return writeStatus(context, { deployment, current, old: others(current) })
  }
  const current = await currentReplicaSet(context, deployment, owned)
  const rollout = { deployment, current, old: others(current) }
  await rollOut(context, rollout)
  await forgetOldRevisions(context, rollout)
  return writeStatus(context, rollout)
}

function replicaSetOf(deployment: Deployment, owned: readonly ReplicaSet[]): ReplicaSet | undefined {
  const { name } = newReplicaSet(deployment, 0).metadata
  return owned.find(({ metadata }) => metadata.name === name)
}

/** Without a rollout there is one that has the pods: the newest that has some, or the newest. */
async function scaleActive(
  context: ControllerContext,
  deployment: Deployment,
  owned: readonly ReplicaSet[],
): Promise<void> {
  const active = owned.filter(({ spec }) => spec.replicas > 0)
  const newestFirst = (active.length > 0 ? active : owned).toSorted(
    (one, other) => revisionOf(other) - revisionOf(one),
  )
  const [newest] = newestFirst
  // In the middle of a rollout all stays as it is.
  if (newest === undefined || active.length > 1) return
  await scale(context, deployment, newest, deployment.spec.replicas ?? 1)
}

/** The ReplicaSet of the present template, with the highest revision. */
async function currentReplicaSet(
  context: ControllerContext,
  deployment: Deployment,
  owned: readonly ReplicaSet[],
): Promise<ReplicaSet> {
  const { client } = context
  const latest = Math.max(0, ...owned.map(revisionOf))
  const found = replicaSetOf(deployment, owned)
  if (found === undefined) {
    const created = await client.create(REPLICA_SETS, newReplicaSet(deployment, latest + 1))
    await annotateRevision(context, deployment, latest + 1)
    return created
  }
  // An old template may have come back.
  const revision = revisionOf(found) === latest ? latest : latest + 1
  await annotateRevision(context, deployment, revision)
  const annotations = { ...inheritedAnnotations(deployment), [REVISION_ANNOTATION]: String(revision) }
  const { minReadySeconds = null } = deployment.spec
  return client.patch(REPLICA_SETS, found.metadata, { metadata: { annotations }, spec: { minReadySeconds } })
}

async function annotateRevision(
  { client }: ControllerContext,
  deployment: Deployment,
  revision: number,
): Promise<void> {
  const annotations = { [REVISION_ANNOTATION]: String(revision) }
  await client.patch(DEPLOYMENTS, deployment.metadata, { metadata: { annotations } })
}

async function rollOut(context: ControllerContext, { deployment, current, old }: Rollout): Promise<void> {
  const want = deployment.spec.replicas ?? 1
  const scaleAll = async (replicaSets: readonly ReplicaSet[], replicas: number) => {
    for (const replicaSet of replicaSets) await scale(context, deployment, replicaSet, replicas)
  }
  if (deployment.spec.strategy?.type === 'Recreate') {
    await scaleAll(old, 0)
    if (await havePods(context, old)) return
    await scaleAll([current], want)
  } else {
    for (const { replicaSet, replicas } of rollingSteps({ deployment, current, old }))
      await scale(context, deployment, replicaSet, replicas)
  }
}

async function havePods({ client }: ControllerContext, owners: readonly ReplicaSet[]): Promise<boolean> {
  const [first] = owners
  if (first?.metadata.namespace === undefined) return false
  const pods = await client.list(PODS, { namespace: first.metadata.namespace })
  const isTheirs = (pod: Pod) => owners.some(owner => isControlledBy(pod, owner))
  return pods.items.some(isTheirs)
}

async function scale(
  { client, events }: ControllerContext,
  deployment: Deployment,
  replicaSet: ReplicaSet,
  replicas: number,
): Promise<void> {
  const before = replicaSet.spec.replicas
  if (before === replicas) return
  await client.patch(REPLICA_SETS, replicaSet.metadata, { spec: { replicas } })
  const direction = replicas > before ? 'up' : 'down'
  events.record(deployment, {
    type: 'Normal',
    reason: 'ScalingReplicaSet',
    message: `Scaled ${direction} replica set ${replicaSet.metadata.name} from ${before} to ${replicas}`,
    component: COMPONENT,
  })
}

async function forgetOldRevisions(
  { client }: ControllerContext,
  { deployment, old }: Rollout,
): Promise<void> {
  const empty = old.filter(({ spec, status }) => spec.replicas === 0 && (status?.replicas ?? 0) === 0)
  const newestFirst = empty.toSorted((one, other) => revisionOf(other) - revisionOf(one))
  const limit = deployment.spec.revisionHistoryLimit ?? DEFAULT_HISTORY_LIMIT
  for (const { metadata } of newestFirst.slice(limit))
    await unlessAbsent(client.remove(REPLICA_SETS, metadata))
}

async function writeStatus(
  { client, now }: ControllerContext,
  state: RolloutState,
): Promise<Deployment | undefined> {
  const { metadata } = state.deployment
  const status = deploymentStatus(state, now())
  return unlessAbsent(client.patch(DEPLOYMENTS, metadata, { status }, { subresource: 'status' }))
}
