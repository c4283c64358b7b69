import { setTimeout as delay } from 'node:timers/promises'
import { applyObject } from '../../kube/apply.ts'
import type { KubeClient } from '../../kube/client.ts'
import { resourceOf } from '../../kube/resource-registry.ts'
import { DEPLOYMENTS } from '../../kube/resources.ts'
import { KisekiError } from '../../model/errors.ts'
import type { Deployment, KubeObject } from '../../model/kubernetes.ts'

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
    if (signal.aborted) throw notReady(waiting)
    await delay(ASK_AGAIN_MILLIS, undefined, { signal }).catch(() => undefined)
  }
}

function isReady({ spec, status, metadata }: Deployment): boolean {
  const wanted = spec.replicas ?? 1
  const observed = (status?.observedGeneration ?? 0) >= (metadata.generation ?? 0)
  return observed && (status?.readyReplicas ?? 0) >= wanted && (status?.updatedReplicas ?? 0) >= wanted
}

function notReady(waiting: readonly Deployment[]): KisekiError {
  const names = waiting.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`).join(', ')
  return new KisekiError('KISEKI_TIMEOUT', `these Deployments did not become ready in time: ${names}`, {
    remedy:
      'Look at the logs of their pods in the state folder (--state-dir), and give more time (--timeout).',
  })
}
