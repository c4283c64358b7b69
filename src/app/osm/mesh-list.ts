import { nameOf } from '../../kube/apply.ts'
import type { KubeClient } from '../../kube/client.ts'
import { CONTROLLER, CONTROLLER_PORT } from '../../mesh/install/component-names.ts'
import { KisekiError, messageOf } from '../../model/errors.ts'
import { isJsonObject } from '../../model/json.ts'
import type { Cluster } from './cluster.ts'
import { controllerPod, listMeshes, type Mesh, namespacesOf } from './meshes.ts'
import type { Output } from './output.ts'
import { getJson } from './pod-json.ts'
import { textTable } from './text-table.ts'

const HINT = `
To list the OSM controller pods for a mesh, please run the following command passing in the mesh's namespace
\tkubectl get pods -n <osm-mesh-namespace> -l app=${CONTROLLER}
`

/** `osm mesh list` */
export async function printMeshes(cluster: Pick<Cluster, 'client' | 'pods'>, output: Output): Promise<void> {
  const meshes = await meshesOrFailure(cluster.client)
  if (meshes.length === 0) {
    output.write('No osm mesh control planes found\n')
    return
  }
  const added = await Promise.all(meshes.map(({ name }) => namespacesOf(cluster.client, name)))
  const supported = await Promise.all(meshes.map(mesh => smiVersions(cluster, mesh)))
  const meshRows = meshes.map(({ name, namespace, version }, at) => [
    name,
    namespace,
    version,
    (added[at] ?? []).join(','),
  ])
  const smiRows = meshes.map(({ name, namespace }, at) => [name, namespace, supported[at] ?? ''])
  output.write(
    `\n${textTable([['MESH NAME', 'MESH NAMESPACE', 'VERSION', 'ADDED NAMESPACES'], ...meshRows])}` +
      `\n${textTable([['MESH NAME', 'MESH NAMESPACE', 'SMI SUPPORTED'], ...smiRows])}` +
      HINT,
  )
}

async function meshesOrFailure(client: KubeClient): Promise<readonly Mesh[]> {
  try {
    return await listMeshes(client)
  } catch (error) {
    const code = error instanceof KisekiError ? error.code : 'KISEKI_API_FAILED'
    throw new KisekiError(
      code,
      `Unable to list meshes within the cluster.\n${messageOf(error)}`,
      error instanceof KisekiError ? { remedy: error.remedy, cause: error } : { cause: error },
    )
  }
}

/** As the controller says; one that speaks no SMI says nothing. */
async function smiVersions(cluster: Pick<Cluster, 'client' | 'pods'>, mesh: Mesh): Promise<string> {
  try {
    const pod = await controllerPod(cluster.client, mesh.namespace)
    const versions = await getJson(cluster.pods, nameOf(pod), { port: CONTROLLER_PORT, path: '/smi/version' })
    if (!isJsonObject(versions)) return 'Unknown'
    const kinds = Object.entries(versions).map(([kind, version]) => `${kind}:${String(version)}`)
    return kinds.sort().join(',') || 'Unknown'
  } catch {
    return 'Unknown'
  }
}
