import type { ContainerStatus, Pod } from '../../../model/kubernetes-pod.ts'

/** What has become of the process that a pod was made for. */
export type PodProgress =
  | { readonly status: 'starting' }
  | { readonly status: 'running' }
  /** It listens, and its sidecar takes requests. */
  | { readonly status: 'ready' }
  | { readonly status: 'ended'; readonly exitCode: number }
  /** It never ran. */
  | { readonly status: 'refused'; readonly reason: string }

/** What does not pass by waiting. */
const REFUSALS = ['ErrImagePull', 'ImagePullBackOff', 'CreateContainerConfigError', 'RunContainerError']

export function podProgress(pod: Pod, container: string): PodProgress {
  const status = pod.status?.containerStatuses?.find(({ name }) => name === container)
  if (status === undefined) return { status: 'starting' }
  const ended = endOf(status)
  if (ended !== undefined) return ended
  const { waiting, running } = status.state
  if (waiting !== undefined && REFUSALS.includes(waiting.reason))
    return { status: 'refused', reason: waiting.message ?? waiting.reason }
  if (running === undefined) return { status: 'starting' }
  const isReady = pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True')
  return { status: isReady === true ? 'ready' : 'running' }
}

/** The first end counts, also when a Deployment has had it started once more. */
function endOf({ state, lastState }: ContainerStatus): PodProgress | undefined {
  const ended = lastState?.terminated ?? state.terminated
  if (ended === undefined) return undefined
  if (ended.reason === 'StartError') return { status: 'refused', reason: ended.message ?? 'it cannot be run' }
  return { status: 'ended', exitCode: ended.exitCode }
}
