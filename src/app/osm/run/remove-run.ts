import { setTimeout as delay } from 'node:timers/promises'
import type { KubeClient } from '../../../kube/client.ts'
import { unlessAbsent } from '../../../kube/kube-errors.ts'
import { DEPLOYMENTS, NAMESPACES, PODS, SERVICES } from '../../../kube/resources.ts'
import { KisekiError } from '../../../model/errors.ts'

export type RunObject = 'namespace' | 'service' | 'pod' | 'deployment'

/** What a run has created so far. */
export interface CreatedRun {
  readonly name: string
  readonly namespace: string
  readonly objects: ReadonlySet<RunObject>
}

const LOOK_MILLIS = 50
/** Longer than a pod of a run may take. */
const MOST_MILLIS = 20_000

/** Removes what a run has created, and waits until its processes have ended. A namespace that others use now stays. */
export async function removeRun(client: KubeClient, created: CreatedRun): Promise<void> {
  const { name, namespace, objects } = created
  const place = { name, namespace }
  if (objects.has('service')) await unlessAbsent(client.remove(SERVICES, place))
  if (objects.has('deployment')) await unlessAbsent(client.remove(DEPLOYMENTS, place))
  if (objects.has('pod')) await unlessAbsent(client.remove(PODS, place))
  await podsGone(client, created)
  if (objects.has('namespace') && (await isUnused(client, namespace)))
    await unlessAbsent(client.remove(NAMESPACES, { name: namespace }))
}

/** Also of one that was replaced meanwhile. */
export async function podsGone(
  client: KubeClient,
  { name, namespace }: Pick<CreatedRun, 'name' | 'namespace'>,
): Promise<void> {
  for (const deadline = Date.now() + MOST_MILLIS; Date.now() < deadline; await delay(LOOK_MILLIS)) {
    const { items } = await client.list(PODS, { namespace, labels: { app: name } })
    if (items.length === 0) return
  }
  throw new KisekiError(
    'KISEKI_TIMEOUT',
    `the pods of ${name} in namespace ${namespace} have not ended yet`,
    {
      remedy: `See kubectl get pods -n ${namespace}.`,
    },
  )
}

async function isUnused(client: KubeClient, namespace: string): Promise<boolean> {
  const lists = await Promise.all([
    client.list(PODS, { namespace }),
    client.list(DEPLOYMENTS, { namespace }),
    client.list(SERVICES, { namespace }),
  ])
  return lists.every(({ items }) => items.length === 0)
}
