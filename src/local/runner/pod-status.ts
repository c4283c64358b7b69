import type { Condition } from '../../model/kubernetes.ts'
import type { ContainerStatus, Pod } from '../../model/kubernetes-pod.ts'
import { withCondition } from '../conditions.ts'
import { kubeTime } from '../kube-time.ts'

export interface PodSituation {
  /** Undefined as long as it has none. */
  readonly podIP: string | undefined
  readonly startTime: string
  readonly initContainers: readonly ContainerStatus[]
  /** Names of init containers that stay. */
  readonly staying?: readonly string[]
  readonly containers: readonly ContainerStatus[]
  /** Set when the pod has ended for good. */
  readonly outcome?: 'Succeeded' | 'Failed'
  readonly conditions: readonly Condition[]
  /** Microseconds since the epoch. */
  readonly now: number
}

type PodStatus = NonNullable<Pod['status']>

const HOST_IP = '127.0.0.1'

/** What `kubectl` shows of a pod, as the kubelet would say it. */
export function podStatus(situation: PodSituation): PodStatus {
  const { podIP, startTime, initContainers, containers } = situation
  return {
    phase: situation.outcome ?? phaseOf(situation),
    hostIP: HOST_IP,
    ...(podIP === undefined ? {} : { podIP, podIPs: [{ ip: podIP }] }),
    startTime,
    conditions: conditionsOf(situation),
    ...(initContainers.length === 0 ? {} : { initContainerStatuses: initContainers }),
    containerStatuses: containers,
  }
}

/** Pending until every container has run once. */
function phaseOf(situation: PodSituation): PodStatus['phase'] {
  const { containers } = situation
  return uninitializedIn(situation).length === 0 && containers.every(hasRun) ? 'Running' : 'Pending'
}

function conditionsOf(situation: PodSituation): readonly Condition[] {
  const { initContainers, staying = [], containers, outcome, podIP, now } = situation
  const uninitialized = uninitializedIn(situation)
  const stayingInits = initContainers.filter(({ name }) => staying.includes(name))
  const unready = [...containers, ...stayingInits].filter(({ ready }) => !ready)
  const ready = podReadiness(unready, outcome)
  const time = kubeTime(now)
  return [
    condition('PodScheduled', podIP !== undefined, 'Unschedulable', 'no address is free'),
    condition(
      'Initialized',
      uninitialized.length === 0,
      'ContainersNotInitialized',
      `containers with incomplete status: [${names(uninitialized)}]`,
    ),
    { ...ready, type: 'ContainersReady' },
    { ...ready, type: 'Ready' },
  ].reduce((all, each) => withCondition(all, each, time), situation.conditions)
}

function podReadiness(unready: readonly ContainerStatus[], outcome: PodSituation['outcome']): Condition {
  if (outcome === 'Succeeded') return condition('Ready', false, 'PodCompleted', '')
  if (outcome === 'Failed') return condition('Ready', false, 'PodFailed', '')
  const message = `containers with unready status: [${names(unready)}]`
  return condition('Ready', unready.length === 0, 'ContainersNotReady', message)
}

/** Reason and message tell why it is not so. */
function condition(type: string, holds: boolean, reason: string, message: string): Condition {
  return holds ? { type, status: 'True' } : { type, status: 'False', reason, message }
}

/** Of those that stay it is enough that they have started. */
function uninitializedIn({ initContainers, staying = [] }: PodSituation): readonly ContainerStatus[] {
  return initContainers.filter(status =>
    staying.includes(status.name)
      ? !status.started && status.lastState?.terminated === undefined
      : !hasSucceeded(status),
  )
}

function hasSucceeded({ state }: ContainerStatus): boolean {
  return state.terminated?.exitCode === 0
}

function hasRun({ state, lastState }: ContainerStatus): boolean {
  return state.waiting === undefined || lastState?.terminated !== undefined
}

function names(statuses: readonly ContainerStatus[]): string {
  return statuses.map(({ name }) => name).join(' ')
}
