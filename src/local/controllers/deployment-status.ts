import type { Condition, Deployment, ReplicaSet } from '../../model/kubernetes.ts'
import { withCondition } from '../conditions.ts'
import { kubeTime } from '../kube-time.ts'

export interface RolloutState {
  readonly deployment: Deployment
  readonly current: ReplicaSet
  readonly old: readonly ReplicaSet[]
}

/** As `kubectl get` and `kubectl rollout status` read it. */
export function deploymentStatus(
  { deployment, current, old }: RolloutState,
  nowMicros: number,
): NonNullable<Deployment['status']> {
  const want = deployment.spec.replicas ?? 1
  const sum = (field: 'replicas' | 'readyReplicas' | 'availableReplicas') =>
    [current, ...old].reduce((total, { status }) => total + (status?.[field] ?? 0), 0)
  const counts = {
    replicas: sum('replicas'),
    updatedReplicas: current.status?.replicas ?? 0,
    readyReplicas: sum('readyReplicas'),
    availableReplicas: sum('availableReplicas'),
    unavailableReplicas: Math.max(0, want - sum('availableReplicas')),
  }
  const available = counts.availableReplicas >= want
  const complete = available && counts.updatedReplicas === want && counts.replicas === want
  const conditions = [availability(available), progress(complete, current.metadata.name)]
  const time = kubeTime(nowMicros)
  const { generation } = deployment.metadata
  return {
    ...(generation === undefined ? {} : { observedGeneration: generation }),
    ...counts,
    conditions: conditions.reduce(
      (all, condition) => withUpdateTime(all, condition, time),
      deployment.status?.conditions ?? [],
    ),
  }
}

function availability(available: boolean): Condition {
  const [reason, message] = available
    ? ['MinimumReplicasAvailable', 'Deployment has minimum availability.']
    : ['MinimumReplicasUnavailable', 'Deployment does not have minimum availability.']
  return { type: 'Available', status: available ? 'True' : 'False', reason, message }
}

function progress(complete: boolean, replicaSet: string): Condition {
  const [reason, message] = complete
    ? ['NewReplicaSetAvailable', `ReplicaSet "${replicaSet}" has successfully progressed.`]
    : ['ReplicaSetUpdated', `ReplicaSet "${replicaSet}" is progressing.`]
  return { type: 'Progressing', status: 'True', reason, message }
}

/** Deployments also tell when a condition last said something new. */
function withUpdateTime(all: readonly Condition[], condition: Condition, time: string): readonly Condition[] {
  const old = all.find(({ type }) => type === condition.type)
  const same = old?.status === condition.status && old?.reason === condition.reason
  const lastUpdateTime = same ? (old?.lastUpdateTime ?? time) : time
  return withCondition(all, { ...condition, lastUpdateTime }, time)
}
