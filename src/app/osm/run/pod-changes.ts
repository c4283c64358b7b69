import type { KubeClient } from '../../../kube/client.ts'
import { failedWith } from '../../../kube/kube-errors.ts'
import { PODS } from '../../../kube/resources.ts'
import type { Pod } from '../../../model/kubernetes-pod.ts'

export interface PodChange {
  readonly pod: Pod
  readonly isGone: boolean
}

export interface PodChangesOptions {
  readonly namespace: string
  readonly labels: Readonly<Record<string, string>>
  readonly signal: AbortSignal
}

/** The pods as they are, then each change of one; some may be told twice. Ends when the signal aborts. */
export async function* podChanges(
  client: KubeClient,
  { namespace, labels, signal }: PodChangesOptions,
): AsyncGenerator<PodChange> {
  while (!signal.aborted) {
    const { items, resourceVersion } = await client.list(PODS, { namespace, labels })
    for (const pod of items) yield { pod, isGone: false }
    try {
      const changes = client.watch(PODS, { namespace, labels, resourceVersion, signal })
      for await (const { type, object } of changes) yield { pod: object, isGone: type === 'DELETED' }
    } catch (error) {
      if (!failedWith(error, 'KISEKI_GONE')) throw error
    }
  }
}
