import { setTimeout as delay } from 'node:timers/promises'
import type { KubeClient } from '../../../kube/client.ts'
import { DEPLOYMENTS, EVENTS, PODS } from '../../../kube/resources.ts'
import type { KubeEvent } from '../../../model/kubernetes.ts'
import type { Pod } from '../../../model/kubernetes-pod.ts'
import type { Deployment } from '../../../model/kubernetes-workload.ts'
import { isDeploymentReady, unreadyReasons } from '../../mesh/readiness.ts'

export interface AwaitOptions {
  readonly client: KubeClient
  readonly namespace: string
  /** Of the Deployments. */
  readonly names: readonly string[]
  readonly signal: AbortSignal
  /** Told of each that is ready, and of each reason why one is not, once. */
  readonly said: (line: string) => void
}

const ASK_AGAIN_MILLIS = 250

/** Those that are not ready when the signal comes, with what is known of why; empty: all are. */
export async function awaitDeployments(options: AwaitOptions): Promise<readonly string[]> {
  const { client, namespace, names, signal, said } = options
  const sayOnce = once(said)
  for (;;) {
    const deployments = await client.list(DEPLOYMENTS, { namespace })
    const wanted = deployments.items.filter(({ metadata }) => names.includes(metadata.name))
    const waiting = wanted.filter(deployment => !isDeploymentReady(deployment))
    const missing = names.filter(name => !wanted.some(({ metadata }) => metadata.name === name))
    for (const deployment of wanted)
      if (!waiting.includes(deployment)) sayOnce(`${deployment.metadata.name} is ready`)
    if (waiting.length + missing.length === 0) return []
    const pods = await client.list(PODS, { namespace })
    for (const deployment of waiting) tellTroubles(deployment, pods.items, sayOnce)
    if (signal.aborted)
      return [
        ...missing.map(name => `${namespace}/${name}: the Deployment is gone`),
        ...(await explain(client, waiting, pods.items)),
      ]
    await delay(ASK_AGAIN_MILLIS, undefined, { signal }).catch(() => undefined)
  }
}

/** Every container begins with these. */
const NO_TROUBLE = /: (ContainerCreating|PodInitializing)$|: it runs, but is not ready$/

function tellTroubles(deployment: Deployment, pods: readonly Pod[], said: (line: string) => void): void {
  for (const reason of unreadyReasons(deployment, pods))
    if (!NO_TROUBLE.test(reason)) said(`${deployment.metadata.name} is not ready yet: ${reason}`)
}

const SHOWN_EVENTS = 3

async function explain(
  client: KubeClient,
  waiting: readonly Deployment[],
  pods: readonly Pod[],
): Promise<readonly string[]> {
  const events = await warnings(client, waiting[0]?.metadata.namespace)
  return waiting.flatMap(deployment => {
    const { name, namespace } = deployment.metadata
    const reasons = unreadyReasons(deployment, pods)
    const own = events.filter(({ involvedObject }) => isNameWithin(involvedObject.name, name))
    return [
      ...(reasons.length === 0 ? [`${namespace}/${name}: it has no pod that could become ready`] : reasons),
      ...own
        .slice(-SHOWN_EVENTS)
        .map(({ reason, message }) => `${namespace}/${name}, event: ${reason}: ${message}`),
    ]
  })
}

/** Without events there is still the state of the pods to tell of. */
async function warnings(client: KubeClient, namespace: string | undefined): Promise<readonly KubeEvent[]> {
  try {
    const { items } = await client.list(EVENTS, namespace === undefined ? {} : { namespace })
    return items
      .filter(({ type }) => type === 'Warning')
      .sort((a, b) => ((a.lastTimestamp ?? '') < (b.lastTimestamp ?? '') ? -1 : 1))
  } catch {
    return []
  }
}

/** Of the Deployment, its ReplicaSet, its pods. */
function isNameWithin(name: string, deployment: string): boolean {
  return name === deployment || name.startsWith(`${deployment}-`)
}

function once(said: (line: string) => void): (line: string) => void {
  const lines = new Set<string>()
  return line => {
    if (lines.has(line)) return
    lines.add(line)
    said(line)
  }
}
