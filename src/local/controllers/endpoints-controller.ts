import { failedWith, unlessAbsent } from '../../kube/kube-errors.ts'
import { ENDPOINTS, PODS, SERVICES } from '../../kube/resources.ts'
import { hasLabels } from '../../kube/selection.ts'
import type { Endpoints } from '../../model/kubernetes.ts'
import type { Pod } from '../../model/kubernetes-pod.ts'
import type { Controller, ControllerContext } from './controller.ts'
import { removeSlices, writeSlices } from './endpoint-slices.ts'
import { keyOf, parseKey } from './object-key.ts'
import { createReconciler } from './reconciler.ts'
import { hasEndpoints, serviceSubsets } from './service-endpoints.ts'

/** An Endpoints object and EndpointSlices for every Service with a selector. */
export function startEndpointsController(context: ControllerContext): Controller {
  const { services, pods, logger } = context
  const reconciler = createReconciler({
    name: 'endpoints-controller',
    reconcile: key => reconcile(context, key),
    logger,
  })
  const selected = ({ metadata }: Pod) => {
    for (const service of services.list({ namespace: metadata.namespace ?? '' })) {
      const { selector } = service.spec
      if (selector !== undefined && hasLabels(metadata.labels, selector)) reconciler.add(keyOf(service))
    }
  }
  services.onChange(({ object }) => reconciler.add(keyOf(object)))
  pods.onChange(change => {
    selected(change.object)
    // Its labels may have changed.
    if (change.type === 'MODIFIED') selected(change.previous)
  })
  return reconciler
}

async function reconcile({ client }: ControllerContext, key: string): Promise<void> {
  const { namespace, name } = parseKey(key)
  const service = await unlessAbsent(client.get(SERVICES, { namespace, name }))
  if (service === undefined) {
    await unlessAbsent(client.remove(ENDPOINTS, { namespace, name }))
    await removeSlices(client, { namespace, name })
    return
  }
  if (!hasEndpoints(service) || service.metadata.deletionTimestamp !== undefined) return
  const pods = await client.list(PODS, { namespace })
  const subsets = serviceSubsets(service, pods.items)
  await writeSlices(client, service, subsets)
  try {
    await client.patch(ENDPOINTS, { namespace, name }, { subsets })
  } catch (error) {
    if (!failedWith(error, 'KISEKI_NOT_FOUND')) throw error
    const { labels } = service.metadata
    const metadata = { name, namespace, ...(labels === undefined ? {} : { labels }) }
    const endpoints: Endpoints = { apiVersion: 'v1', kind: 'Endpoints', metadata, subsets }
    await client.create(ENDPOINTS, endpoints)
  }
}
