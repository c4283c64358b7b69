import { nameOf } from '../../../kube/apply.ts'
import type { KubeClient } from '../../../kube/client.ts'
import { unlessAbsent } from '../../../kube/kube-errors.ts'
import {
  CLUSTER_ROLE_BINDINGS,
  CLUSTER_ROLES,
  CONFIG_MAPS,
  DEPLOYMENTS,
  MESH_CONFIGS,
  MUTATING_WEBHOOK_CONFIGURATIONS,
  type Resource,
  ROLE_BINDINGS,
  ROLES,
  SECRETS,
  SERVICE_ACCOUNTS,
  SERVICES,
  VALIDATING_WEBHOOK_CONFIGURATIONS,
} from '../../../kube/resources.ts'
import { commonLabels } from '../../../mesh/install/object-labels.ts'

/** In the order in which they go: nothing may be asked for that does not run any more. Definitions and namespace stay. */
const REMOVED: readonly Resource[] = [
  MUTATING_WEBHOOK_CONFIGURATIONS,
  VALIDATING_WEBHOOK_CONFIGURATIONS,
  MESH_CONFIGS,
  DEPLOYMENTS,
  SERVICES,
  CONFIG_MAPS,
  CLUSTER_ROLE_BINDINGS,
  CLUSTER_ROLES,
  ROLE_BINDINGS,
  ROLES,
  SERVICE_ACCOUNTS,
]

export interface RemovedMesh {
  readonly name: string
  readonly namespace: string
  readonly caBundleSecretName: string
}

/** Removes what an installation of the mesh created, by its labels; gives how many objects that were. */
export async function removeMeshObjects(client: KubeClient, mesh: RemovedMesh): Promise<number> {
  const labels = commonLabels({ meshName: mesh.name })
  let removed = 0
  for (const resource of REMOVED) {
    const scope = resource.namespaced ? { namespace: mesh.namespace } : {}
    // A kind that the API does not know has no objects.
    const found = await unlessAbsent(client.list(resource, { labels, ...scope }))
    for (const object of found?.items ?? []) {
      await unlessAbsent(client.remove(resource, nameOf(object)))
      removed++
    }
  }
  const secret = { name: mesh.caBundleSecretName, namespace: mesh.namespace }
  await unlessAbsent(client.remove(SECRETS, secret))
  return removed
}
