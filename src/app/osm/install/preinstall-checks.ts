import type { InstallValues } from '../../../mesh/install/install-values.ts'
import type { Mesh } from '../meshes.ts'

/** Why a mesh cannot be installed beside those that exist, in osm-edge's words; empty: it can. */
export function preinstallProblems(values: InstallValues, existing: readonly Mesh[]): readonly string[] {
  const single = existing.filter(({ isSingle }) => isSingle)
  const here = existing.filter(({ namespace }) => namespace === values.meshNamespace)
  const namesake = existing.find(
    ({ name, namespace }) => name === values.meshName && namespace !== values.meshNamespace,
  )
  const problems: string[] = []
  if (single.length > 0) {
    problems.push(
      `Mesh(es) ${listed(single)} already enforce it is the only mesh in the cluster, cannot install new meshes`,
    )
  } else if (values.enforceSingleMesh && existing.length > 0) {
    problems.push(
      `Mesh(es) ${listed(existing)} already exist so a new mesh enforcing it is the only one cannot be installed`,
    )
  }
  if (here.length > 0) {
    const names = here.map(({ name }) => name).join(' ')
    problems.push(`Namespace ${values.meshNamespace} already contains meshes [${names}]`)
  }
  // Objects without namespace have the name of the mesh.
  if (namesake !== undefined)
    problems.push(`Mesh ${namesake.name} already exists in namespace ${namesake.namespace}`)
  return problems
}

function listed(meshes: readonly Mesh[]): string {
  return meshes.map(({ namespace, name }) => `namespace: ${namespace}, name: ${name}`).join(', ')
}
