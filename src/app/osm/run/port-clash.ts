import { setTimeout as delay } from 'node:timers/promises'
import type { KubeClient } from '../../../kube/client.ts'
import { EVENTS } from '../../../kube/resources.ts'
import type { Pod } from '../../../model/kubernetes-pod.ts'

const LOOK_MILLIS = 100
const MOST_LOOKS = 6

/**
 * Who has the port that a pod could not have, as the machine found out. Undefined: nobody any more. Where a Service
 * answered on it, it has given way, and the next try will do.
 */
export async function portClashOf(client: KubeClient, { metadata }: Pod): Promise<string | undefined> {
  for (let look = 0; look < MOST_LOOKS; look++, await delay(LOOK_MILLIS)) {
    const { items } = await client.list(EVENTS, { namespace: metadata.namespace ?? '' })
    const found = items.find(
      ({ reason, involvedObject }) => reason === 'PortInUse' && involvedObject.uid === metadata.uid,
    )
    if (found !== undefined) return found.message
  }
  return undefined
}
