import type { Deployment, ReplicaSet } from '../../model/kubernetes-workload.ts'

export interface RollingState {
  readonly deployment: Deployment
  readonly current: ReplicaSet
  readonly old: readonly ReplicaSet[]
}

export interface ScaleStep {
  readonly replicaSet: ReplicaSet
  readonly replicas: number
}

const DEFAULT_LIMIT = '25%'

/**
 * What a rolling update does next (kubernetes.io/docs/concepts/workloads/controllers/deployment/#strategy): first more
 * new pods, as `maxSurge` allows; when there can be no more, fewer old ones, as `maxUnavailable` allows, and those that
 * do not work first. Called again when something has come of it; empty when there is nothing to do but wait.
 */
export function rollingSteps(state: RollingState): readonly ScaleStep[] {
  const { deployment, current, old } = state
  const want = deployment.spec.replicas ?? 1
  const { surge, unavailable } = rollingLimits(deployment)
  const grown = newReplicas({ want, most: want + surge, current, old })
  if (grown !== current.spec.replicas) return [{ replicaSet: current, replicas: grown }]
  return oldSteps(current, old, want - unavailable)
}

/** In pods. */
export function rollingLimits({ spec }: Deployment): {
  readonly surge: number
  readonly unavailable: number
} {
  const { replicas = 1, strategy } = spec
  const { maxSurge = DEFAULT_LIMIT, maxUnavailable = DEFAULT_LIMIT } = strategy?.rollingUpdate ?? {}
  const surge = podsOf(maxSurge, replicas, Math.ceil)
  const unavailable = Math.min(replicas, podsOf(maxUnavailable, replicas, Math.floor))
  // With neither, nothing could ever change.
  return surge === 0 && unavailable === 0 ? { surge, unavailable: 1 } : { surge, unavailable }
}

function podsOf(limit: number | string, replicas: number, round: (pods: number) => number): number {
  const percent = /^(\d+)%$/.exec(String(limit))?.[1]
  const pods = percent === undefined ? Number(limit) : round((Number(percent) * replicas) / 100)
  return Number.isInteger(pods) && pods >= 0 ? pods : 0
}

function newReplicas(of: {
  readonly want: number
  readonly most: number
  readonly current: ReplicaSet
  readonly old: readonly ReplicaSet[]
}): number {
  const { want, most, current, old } = of
  const now = current.spec.replicas
  if (now >= want) return want
  const free = most - now - sum(old, wanted)
  return free <= 0 ? now : now + Math.min(free, want - now)
}

function oldSteps(
  current: ReplicaSet,
  old: readonly ReplicaSet[],
  leastAvailable: number,
): readonly ScaleStep[] {
  const all = [current, ...old]
  const notYetThere = wanted(current) - available(current)
  const spare = sum(all, wanted) - leastAvailable - notYetThere
  if (spare <= 0) return []
  const eldestFirst = old.filter(each => wanted(each) > 0).toSorted(byBirth)
  const healthy = take(
    eldestFirst.map(replicaSet => ({ replicaSet, replicas: wanted(replicaSet) })),
    spare,
    step => step.replicas - available(step.replicaSet),
  )
  const surplus = sum(all, available) - leastAvailable
  const left = take(healthy, surplus, step => Math.min(step.replicas, available(step.replicaSet)))
  return left.filter(({ replicaSet, replicas }) => replicas !== wanted(replicaSet))
}

/** Takes so many pods away, from each at most so many. */
function take(
  steps: readonly ScaleStep[],
  count: number,
  most: (step: ScaleStep) => number,
): readonly ScaleStep[] {
  let left = Math.max(0, count)
  return steps.map(step => {
    const taken = Math.min(left, Math.max(0, most(step)))
    left -= taken
    return { ...step, replicas: step.replicas - taken }
  })
}

function wanted({ spec }: ReplicaSet): number {
  return spec.replicas
}

function available({ status }: ReplicaSet): number {
  return status?.availableReplicas ?? 0
}

function sum(all: readonly ReplicaSet[], of: (replicaSet: ReplicaSet) => number): number {
  return all.reduce((total, each) => total + of(each), 0)
}

function byBirth(one: ReplicaSet, other: ReplicaSet): number {
  return Date.parse(one.metadata.creationTimestamp ?? '') - Date.parse(other.metadata.creationTimestamp ?? '')
}
