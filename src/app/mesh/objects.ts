import { setTimeout as delay } from 'node:timers/promises'
import { applyObject } from '../../kube/apply.ts'
import type { KubeClient } from '../../kube/client.ts'
import { resourceOf } from '../../kube/resource-registry.ts'
import { DEPLOYMENTS, PODS } from '../../kube/resources.ts'
import { hasLabels } from '../../kube/selection.ts'
import { KisekiError } from '../../model/errors.ts'
import type { ContainerStatus, Deployment, KubeObject, Pod } from '../../model/kubernetes.ts'

/** One after the other, as they are written. */
export async function applyAll(client: KubeClient, objects: readonly KubeObject[]): Promise<void> {
  for (const object of objects) await applyObject(client, resourceOf(object), object)
}

const ASK_AGAIN_MILLIS = 50

/** Resolves when every Deployment has as many ready pods as it wants; throws `KISEKI_TIMEOUT` at the signal. */
export async function deploymentsReady(client: KubeClient, signal: AbortSignal): Promise<void> {
  for (;;) {
    const { items } = await client.list(DEPLOYMENTS)
    const waiting = items.filter(deployment => !isReady(deployment))
    if (waiting.length === 0) return
    if (signal.aborted) throw notReady(waiting, (await client.list(PODS)).items)
    await delay(ASK_AGAIN_MILLIS, undefined, { signal }).catch(() => undefined)
  }
}

function isReady({ spec, status, metadata }: Deployment): boolean {
  const wanted = spec.replicas ?? 1
  const observed = (status?.observedGeneration ?? 0) >= (metadata.generation ?? 0)
  return observed && (status?.readyReplicas ?? 0) >= wanted && (status?.updatedReplicas ?? 0) >= wanted
}

function notReady(waiting: readonly Deployment[], pods: readonly Pod[]): KisekiError {
  const names = waiting.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`).join(', ')
  const reasons = waiting.flatMap(deployment => reasonsOf(deployment, pods)).map(reason => `\n  ${reason}`)
  return new KisekiError(
    'KISEKI_TIMEOUT',
    `these Deployments did not become ready in time: ${names}${reasons.join('')}`,
    {
      remedy:
        'Look at the logs of their pods, in the folder that --state-dir names, and give more time (--timeout).',
    },
  )
}

/** Of its first pod that is not ready: the others mostly suffer from the same. */
function reasonsOf({ metadata, spec }: Deployment, pods: readonly Pod[]): readonly string[] {
  const { namespace } = metadata
  const unready = pods
    .filter(pod => pod.metadata.namespace === namespace)
    .filter(pod => hasLabels(pod.metadata.labels, spec.selector.matchLabels ?? {}))
    .map(pod => (pod.status?.containerStatuses ?? []).filter(({ ready }) => !ready))
  const [first = []] = unready.filter(statuses => statuses.length > 0)
  return first.map(status => `${namespace}/${metadata.name}, container ${status.name}: ${stateText(status)}`)
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
