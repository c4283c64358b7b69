import { hasLabels } from '../../kube/selection.ts'
import type { ContainerStatus, Pod } from '../../model/kubernetes-pod.ts'
import type { Deployment } from '../../model/kubernetes-workload.ts'

/** It has as many ready pods of its newest template as it wants. */
export function isDeploymentReady({ spec, status, metadata }: Deployment): boolean {
  const wanted = spec.replicas ?? 1
  const observed = (status?.observedGeneration ?? 0) >= (metadata.generation ?? 0)
  return observed && (status?.readyReplicas ?? 0) >= wanted && (status?.updatedReplicas ?? 0) >= wanted
}

/** The pods that a Deployment selects. */
export function podsOfDeployment({ metadata, spec }: Deployment, pods: readonly Pod[]): readonly Pod[] {
  return pods
    .filter(pod => pod.metadata.namespace === metadata.namespace)
    .filter(pod => hasLabels(pod.metadata.labels, spec.selector.matchLabels ?? {}))
}

/** Why it is not ready: the containers of its first pod that is not. The others mostly suffer from the same. */
export function unreadyReasons(deployment: Deployment, pods: readonly Pod[]): readonly string[] {
  const { namespace, name } = deployment.metadata
  const [first = []] = podsOfDeployment(deployment, pods)
    .map(pod => (pod.status?.containerStatuses ?? []).filter(({ ready }) => !ready))
    .filter(statuses => statuses.length > 0)
  return first.map(status => `${namespace}/${name}, container ${status.name}: ${stateText(status)}`)
}

function stateText({ state, lastState }: ContainerStatus): string {
  const { waiting } = state
  const ended = state.terminated ?? lastState?.terminated
  const parts = [
    waiting === undefined ? undefined : [waiting.reason, waiting.message].filter(Boolean).join(': '),
    ended && `it ended with exit code ${ended.exitCode}`,
  ].filter(part => part !== undefined)
  return parts.length === 0 ? 'it runs, but is not ready' : parts.join('; ')
}
