import { setTimeout as delay } from 'node:timers/promises'
import { PODS } from '../../kube/resources.ts'
import type { LocalCluster } from '../../local/cluster.ts'
import type { Pod } from '../../model/kubernetes-pod.ts'
import type { DemoDescription } from './demo-description.ts'

const ASK_AGAIN_MILLIS = 100

/** Waits until a container of the demo prints its success line; undefined when the signal aborts before. */
export async function findSuccessLine(
  mesh: LocalCluster,
  success: DemoDescription['success'],
  signal: AbortSignal,
): Promise<string | undefined> {
  const pod = await findPod(mesh, success, signal)
  if (pod === undefined) return undefined
  const { name } = pod.metadata
  const lines = mesh.machine.readLogs({ name, namespace: success.namespace }, success.container, {
    follow: true,
    signal,
  })
  for await (const line of lines) if (line.includes(success.line)) return line
  return undefined
}

async function findPod(
  { client }: LocalCluster,
  { namespace, labels }: DemoDescription['success'],
  signal: AbortSignal,
): Promise<Pod | undefined> {
  while (!signal.aborted) {
    const { items } = await client.list(PODS, { namespace, labels })
    const running = items.find(pod => pod.status?.phase === 'Running')
    if (running !== undefined) return running
    await delay(ASK_AGAIN_MILLIS, undefined, { signal }).catch(() => undefined)
  }
  return undefined
}
