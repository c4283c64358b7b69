import type { KubeClient } from '../../../kube/client.ts'
import { unlessAbsent } from '../../../kube/kube-errors.ts'
import { MESH_CONFIGS } from '../../../kube/resources.ts'
import { MESH_CONFIG_NAME } from '../../../mesh/well-known-names.ts'
import { KisekiError } from '../../../model/errors.ts'
import type { MeshConfigObject } from '../../../model/kubernetes.ts'

/** `KISEKI_NOT_FOUND` says how to get one. */
export async function getMeshConfig(client: KubeClient, namespace: string): Promise<MeshConfigObject> {
  const object = await unlessAbsent(client.get(MESH_CONFIGS, { name: MESH_CONFIG_NAME, namespace }))
  if (object !== undefined) return object
  throw new KisekiError(
    'KISEKI_NOT_FOUND',
    `there is no MeshConfig ${MESH_CONFIG_NAME} in namespace [${namespace}]`,
    { remedy: 'Install a mesh (`osm install`), or name its namespace with --osm-namespace.' },
  )
}
