import type { KubeClient } from '../../kube/client.ts'
import { CUSTOM_RESOURCE_DEFINITIONS } from '../../kube/resources.ts'
import { defaultInstallValues } from '../../mesh/install/install-values.ts'
import { renderMeshConfigDefinition } from '../../mesh/install/mesh-config-definition.ts'

export const MESH = { meshName: 'osm', meshNamespace: 'osm-system' } as const
export const MESH_CONFIG = { name: 'osm-mesh-config', namespace: 'osm-system' } as const

/**
 * Has the API know MeshConfigs, and take any: as a definition of another release may, which was there first. So
 * tests can write what the control plane has to refuse.
 */
export async function defineMeshConfigs(client: KubeClient): Promise<void> {
  const definition = renderMeshConfigDefinition(defaultInstallValues(MESH))
  const anything = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } as const
  const versions = definition.spec.versions.map(version => ({
    ...version,
    schema: { openAPIV3Schema: anything },
  }))
  const spec = { ...definition.spec, versions }
  await client.create(CUSTOM_RESOURCE_DEFINITIONS, { ...definition, spec })
}
