import type { Condition } from '../../model/kubernetes.ts'
import type { Deployment, ReplicaSet } from '../../model/kubernetes-workload.ts'
import { withCondition } from '../conditions.ts'
import { kubeTime } from '../kube-time.ts'
import { rollingLimits } from './rolling-update.ts'

export interface RolloutState {
  readonly deployment: Deployment
  /** Absent while the Deployment is paused and has none of its template. */
  readonly current: ReplicaSet | undefined
  readonly old: readonly ReplicaSet[]
}

type DeploymentStatus = NonNullable<Deployment['status']>
type Counts = Pick<
  DeploymentStatus,
  'replicas' | 'updatedReplicas' | 'readyReplicas' | 'availableReplicas' | 'unavailableReplicas'
>

const DEFAULT_DEADLINE_SECONDS = 600
const COMPLETE = 'NewReplicaSetAvailable'
const TIMED_OUT = 'ProgressDeadlineExceeded'

/** As `kubectl get` and `kubectl rollout status` read it. */
export function deploymentStatus(state: RolloutState, nowMicros: number): DeploymentStatus {
  const { deployment } = state
  const counts = countsOf(state)
  const progressing = progress(state, counts, nowMicros)
  const conditions = [availability(deployment, counts), ...(progressing === undefined ? [] : [progressing])]
  const time = kubeTime(nowMicros)
  const { generation } = deployment.metadata
  const moved = hasMoved(deployment.status, counts)
  return {
    ...(generation === undefined ? {} : { observedGeneration: generation }),
    ...counts,
    conditions: conditions.reduce(
      (all, condition) => withUpdateTime(all, condition, { time, moved: moved && condition === progressing }),
      deployment.status?.conditions ?? [],
    ),
  }
}

/** When a rollout that does not get on must be looked at again; undefined where it is complete, or given up. */
export function millisToDeadline(deployment: Deployment, nowMicros: number): number | undefined {
  const progressing = deployment.status?.conditions?.find(({ type }) => type === 'Progressing')
  if (progressing?.status !== 'True' || progressing.reason === COMPLETE) return undefined
  return Math.max(0, deadlineOf(deployment, progressing) - nowMicros / 1000) + 1
}

function countsOf({ deployment, current, old }: RolloutState): Counts {
  const all = [...(current === undefined ? [] : [current]), ...old]
  const sum = (field: 'replicas' | 'readyReplicas' | 'availableReplicas') =>
    all.reduce((total, { status }) => total + (status?.[field] ?? 0), 0)
  return {
    replicas: sum('replicas'),
    updatedReplicas: current?.status?.replicas ?? 0,
    readyReplicas: sum('readyReplicas'),
    availableReplicas: sum('availableReplicas'),
    unavailableReplicas: Math.max(0, (deployment.spec.replicas ?? 1) - sum('availableReplicas')),
  }
}

function availability(deployment: Deployment, { availableReplicas }: Counts): Condition {
  const { replicas = 1 } = deployment.spec
  const available = availableReplicas >= replicas - rollingLimits(deployment).unavailable
  const [reason, message] = available
    ? ['MinimumReplicasAvailable', 'Deployment has minimum availability.']
    : ['MinimumReplicasUnavailable', 'Deployment does not have minimum availability.']
  return { type: 'Available', status: available ? 'True' : 'False', reason, message }
}

/** Undefined: as before. */
function progress(state: RolloutState, counts: Counts, nowMicros: number): Condition | undefined {
  const { deployment, current } = state
  const type = 'Progressing'
  const before = deployment.status?.conditions?.find(each => each.type === type)
  if (deployment.spec.paused === true)
    return { type, status: 'Unknown', reason: 'DeploymentPaused', message: 'Deployment is paused' }
  if (before?.reason === 'DeploymentPaused')
    return { type, status: 'Unknown', reason: 'DeploymentResumed', message: 'Deployment is resumed' }
  const name = current?.metadata.name ?? ''
  if (isComplete(deployment, counts)) {
    const message = `ReplicaSet "${name}" has successfully progressed.`
    return { type, status: 'True', reason: COMPLETE, message }
  }
  // A pod that fails after the rollout is no rollout.
  if (before?.reason === COMPLETE && counts.replicas === counts.updatedReplicas) return undefined
  if (hasMoved(deployment.status, counts)) return updated(name)
  if (before?.reason === TIMED_OUT) return undefined
  const late = before?.status === 'True' && before.reason !== COMPLETE
  if (late && nowMicros / 1000 >= deadlineOf(deployment, before)) {
    const message = `ReplicaSet "${name}" has timed out progressing.`
    return { type, status: 'False', reason: TIMED_OUT, message }
  }
  return updated(name)
}

function updated(replicaSet: string): Condition {
  const message = `ReplicaSet "${replicaSet}" is progressing.`
  return { type: 'Progressing', status: 'True', reason: 'ReplicaSetUpdated', message }
}

function isComplete({ spec }: Deployment, counts: Counts): boolean {
  const { replicas = 1 } = spec
  return (
    counts.updatedReplicas === replicas &&
    counts.replicas === replicas &&
    counts.availableReplicas >= replicas
  )
}

/** More new pods, fewer old ones, or more that work. */
function hasMoved(before: Deployment['status'], now: Counts): boolean {
  const old = (of: Partial<Counts>) => (of.replicas ?? 0) - (of.updatedReplicas ?? 0)
  return (
    now.updatedReplicas > (before?.updatedReplicas ?? 0) ||
    old(now) < old(before ?? {}) ||
    now.readyReplicas > (before?.readyReplicas ?? 0) ||
    now.availableReplicas > (before?.availableReplicas ?? 0)
  )
}

/** In milliseconds since the epoch. */
function deadlineOf({ spec }: Deployment, { lastUpdateTime = '' }: Condition): number {
  const { progressDeadlineSeconds = DEFAULT_DEADLINE_SECONDS } = spec
  return Date.parse(lastUpdateTime) + progressDeadlineSeconds * 1000
}

/** Deployments also tell when a condition last said something new, or a rollout has last got on. */
function withUpdateTime(
  all: readonly Condition[],
  condition: Condition,
  { time, moved }: { readonly time: string; readonly moved: boolean },
): readonly Condition[] {
  const old = all.find(({ type }) => type === condition.type)
  const same =
    !moved &&
    old?.status === condition.status &&
    old?.reason === condition.reason &&
    old?.message === condition.message
  const lastUpdateTime = same ? (old?.lastUpdateTime ?? time) : time
  return withCondition(all, { ...condition, lastUpdateTime }, time)
}
