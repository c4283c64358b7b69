import type { ContainerState, ContainerStatus, Pod } from '../../model/kubernetes-pod.ts'
import { firstStatus } from './container-state.ts'
import { waitingReason } from './pod-containers.ts'

type PodStatus = NonNullable<Pod['status']>

/** How the containers of a pod ended that a former run had, by name; undefined where it had none. */
export function previousStatus(pod: Pod, container: string): ContainerStatus | undefined {
  return previousStatuses(pod).find(({ name }) => name === container)
}

/** How they begin again, by name; empty where the pod is new. */
export function resumedStatuses(pod: Pod, time: string): ReadonlyMap<string, ContainerStatus> {
  const { containers, initContainers = [] } = pod.spec
  const resumed = [...initContainers, ...containers].flatMap(container => {
    const previous = previousStatus(pod, container.name)
    const isOver = () => false
    const waiting = waitingReason(pod)
    return previous === undefined ? [] : [firstStatus({ container, previous, isOver, waiting, time })]
  })
  return new Map(resumed.map(status => [status.name, status]))
}

/**
 * A pod that is never restarted does not live through the end of its machine: undefined, or the status that it ends
 * with.
 */
export function lostStatus(pod: Pod, finishedAt: string): PodStatus | undefined {
  const { status, spec } = pod
  if (status === undefined || spec.restartPolicy !== 'Never' || !previousStatuses(pod).some(hasStarted))
    return undefined
  const lost = (statuses: readonly ContainerStatus[] = []) =>
    statuses.map(each => ({
      ...each,
      ready: false,
      started: false,
      state: lostState(each.state, finishedAt),
    }))
  return {
    ...status,
    phase: 'Failed',
    reason: 'Terminated',
    message: 'Pod was terminated in response to a shutdown of the machine.',
    conditions: (status.conditions ?? []).map(condition =>
      /^(Containers)?Ready$/.test(condition.type)
        ? { ...condition, status: 'False', reason: 'PodFailed', lastTransitionTime: finishedAt }
        : condition,
    ),
    ...(status.initContainerStatuses === undefined
      ? {}
      : { initContainerStatuses: lost(status.initContainerStatuses) }),
    containerStatuses: lost(status.containerStatuses),
  }
}

function previousStatuses({ status }: Pod): readonly ContainerStatus[] {
  return [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])]
}

function hasStarted({ state }: ContainerStatus): boolean {
  return state.running !== undefined || state.terminated !== undefined
}

/** As the kubelet says of what it does not find any more. */
function lostState(state: ContainerState, finishedAt: string): ContainerState {
  if (state.terminated !== undefined) return state
  const message = 'The container could not be located when the pod was terminated'
  return { terminated: { exitCode: 137, reason: 'ContainerStatusUnknown', message, finishedAt } }
}
