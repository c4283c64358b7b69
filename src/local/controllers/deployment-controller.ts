import { unlessAbsent } from '../../kube/kube-errors.ts'
import { DEPLOYMENTS, PODS, REPLICA_SETS } from '../../kube/resources.ts'
import type { Deployment, Pod, ReplicaSet } from '../../model/kubernetes.ts'
import type { Controller, ControllerContext } from './controller.ts'
import { deploymentStatus } from './deployment-status.ts'
import { keyOf, parseKey } from './object-key.ts'
import { controllerKey, isControlledBy } from './ownership.ts'
import { createReconciler } from './reconciler.ts'
import { newReplicaSet, REVISION_ANNOTATION, revisionOf } from './revision.ts'

const COMPONENT = 'deployment-controller'
const DEFAULT_HISTORY_LIMIT = 10

/**
 * One ReplicaSet a pod template. A new template gets all its pods at once, and the old ones go when the new ones
 * are available; with strategy `Recreate` the old ones go first.
 */
export function startDeploymentController(context: ControllerContext): Controller {
  const { deployments, replicaSets, pods, logger } = context
  const reconciler = createReconciler({
    name: COMPONENT,
    reconcile: key => reconcile(context, key),
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

async function reconcile(context: ControllerContext, key: string): Promise<void> {
  const { client } = context
  const deployment = await unlessAbsent(client.get(DEPLOYMENTS, parseKey(key)))
  if (deployment === undefined || deployment.metadata.deletionTimestamp !== undefined) return
  const { namespace } = parseKey(key)
  const all = (await client.list(REPLICA_SETS, { namespace })).items
  const owned = all.filter(replicaSet => isControlledBy(replicaSet, deployment))
  const current = await currentReplicaSet(context, deployment, owned)
  const old = owned.filter(replicaSet => replicaSet.metadata.uid !== current.metadata.uid)
  const rollout = { deployment, current, old }
  await rollOut(context, rollout)
  await forgetOldRevisions(context, rollout)
  await writeStatus(context, rollout)
}

/** The ReplicaSet of the present template, with the highest revision. */
async function currentReplicaSet(
  context: ControllerContext,
  deployment: Deployment,
  owned: readonly ReplicaSet[],
): Promise<ReplicaSet> {
  const { client } = context
  const latest = Math.max(0, ...owned.map(revisionOf))
  const wanted = newReplicaSet(deployment, latest + 1)
  const found = owned.find(({ metadata }) => metadata.name === wanted.metadata.name)
  if (found === undefined) {
    const created = await client.create(REPLICA_SETS, wanted)
    await annotateRevision(context, deployment, latest + 1)
    return created
  }
  if (revisionOf(found) === latest) return found
  // An old template came back.
  await annotateRevision(context, deployment, latest + 1)
  const annotations = { [REVISION_ANNOTATION]: String(latest + 1) }
  return client.patch(REPLICA_SETS, found.metadata, { metadata: { annotations } })
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
    await scaleAll([current], want)
    if ((current.status?.availableReplicas ?? 0) >= want) await scaleAll(old, 0)
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

async function writeStatus({ client, now }: ControllerContext, rollout: Rollout): Promise<void> {
  const { deployment } = rollout
  const status = deploymentStatus(rollout, now())
  await client.patch(DEPLOYMENTS, deployment.metadata, { status }, { subresource: 'status' })
}
