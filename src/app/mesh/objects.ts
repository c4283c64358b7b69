import { setTimeout as delay } from 'node:timers/promises'
import { applyObject } from '../../kube/apply.ts'
import type { KubeClient } from '../../kube/client.ts'
import { resourceOf } from '../../kube/resource-registry.ts'
import { DEPLOYMENTS, PODS } from '../../kube/resources.ts'
import { KisekiError } from '../../model/errors.ts'
import type { KubeObject } from '../../model/kubernetes.ts'
import type { Pod } from '../../model/kubernetes-pod.ts'
import type { Deployment } from '../../model/kubernetes-workload.ts'
import { isDeploymentReady, unreadyReasons } from './readiness.ts'

/** One after the other, as they are written. */
export async function applyAll(client: KubeClient, objects: readonly KubeObject[]): Promise<void> {
  for (const object of objects) await applyObject(client, resourceOf(object), object)
}

const ASK_AGAIN_MILLIS = 50

/** Resolves when every Deployment has as many ready pods as it wants; throws `KISEKI_TIMEOUT` at the signal. */
export async function deploymentsReady(client: KubeClient, signal: AbortSignal): Promise<void> {
  for (;;) {
    const { items } = await client.list(DEPLOYMENTS)
    const waiting = items.filter(deployment => !isDeploymentReady(deployment))
    if (waiting.length === 0) return
    if (signal.aborted) throw notReady(waiting, (await client.list(PODS)).items)
    await delay(ASK_AGAIN_MILLIS, undefined, { signal }).catch(() => undefined)
  }
}

function notReady(waiting: readonly Deployment[], pods: readonly Pod[]): KisekiError {
  const names = waiting.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`).join(', ')
  const reasons = waiting
    .flatMap(deployment => unreadyReasons(deployment, pods))
    .map(reason => `\n  ${reason}`)
  return new KisekiError(
    'KISEKI_TIMEOUT',
    `these Deployments did not become ready in time: ${names}${reasons.join('')}`,
    {
      remedy:
        'Look at the logs of their pods, in the folder that --state-dir names, and give more time (--timeout).',
    },
  )
}
