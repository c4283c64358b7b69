import { setTimeout as delay } from 'node:timers/promises'
import type { KubeClient } from '../../../kube/client.ts'
import { unlessAbsent } from '../../../kube/kube-errors.ts'
import { NAMESPACES } from '../../../kube/resources.ts'

const ASK_AGAIN_MILLIS = 250

/** Waits while the namespace is being removed: nothing can be created in it. Throws the reason of the signal. */
export async function awaitNamespace(
  client: KubeClient,
  name: string,
  { signal, said }: { readonly signal: AbortSignal; readonly said: (line: string) => void },
): Promise<void> {
  for (let asked = 0; ; asked++) {
    const namespace = await unlessAbsent(client.get(NAMESPACES, { name }))
    if (namespace?.metadata.deletionTimestamp === undefined) return
    if (asked === 0) said(`namespace ${name} is still being removed ...`)
    await delay(ASK_AGAIN_MILLIS, undefined, { signal })
  }
}
