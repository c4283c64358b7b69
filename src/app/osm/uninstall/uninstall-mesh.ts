import type { KubeClient } from '../../../kube/client.ts'
import { failedWith } from '../../../kube/kube-errors.ts'
import { NAMESPACES } from '../../../kube/resources.ts'
import { KisekiError, messageOf } from '../../../model/errors.ts'
import { failure } from '../failure.ts'
import { listMeshes, type Mesh, meshTable } from '../meshes.ts'
import type { Output } from '../output.ts'
import type { OsmSettings } from '../settings.ts'
import { removeClusterWide } from './cluster-wide.ts'
import { type Ask, isConfirmed } from './confirmation.ts'
import { removeMeshObjects } from './mesh-objects.ts'

export interface UninstallOptions {
  readonly client: KubeClient
  readonly output: Output
  readonly ask: Ask
  readonly kind: OsmSettings['kind']
  /** Absent: the question is asked for every mesh. */
  readonly meshName?: string
  readonly meshNamespace: string
  /** Asks nothing. */
  readonly force: boolean
  readonly deleteClusterWideResources: boolean
  readonly deleteNamespace: boolean
  readonly caBundleSecretName: string
}

type MeshPlace = Pick<Mesh, 'name' | 'namespace'>

/** `osm uninstall mesh` */
export async function uninstallMesh(options: UninstallOptions): Promise<void> {
  const { client, output, meshNamespace, caBundleSecretName } = options
  if (options.kind === 'managed') {
    output.write('OSM CANNOT be uninstalled in a managed environment\n')
    if (options.deleteNamespace) output.write('OSM namespace CANNOT be deleted in a managed environment\n')
  } else {
    for (const mesh of await chooseMeshes(options)) await uninstallOne(options, mesh)
  }
  if (options.deleteClusterWideResources)
    await removeClusterWide({ client, output, caBundleSecretName, meshNamespace })
}

async function chooseMeshes(options: UninstallOptions): Promise<readonly MeshPlace[]> {
  const { client, output, ask, force, meshName, meshNamespace } = options
  const meshes = await listMeshes(client)
  if (meshes.length === 0) output.write('No OSM control planes found\n')
  const [first, ...more] = meshes
  if (force) {
    if (first !== undefined && more.length === 0 && meshName === undefined) return [first]
    return [{ name: meshName ?? 'osm', namespace: meshNamespace }]
  }
  if (meshes.length === 0) return []
  const specified = meshes.filter(
    mesh => meshName === undefined || (mesh.name === meshName && mesh.namespace === meshNamespace),
  )
  if (specified.length === 0)
    output.write(`Did not find mesh [${meshName}] in namespace [${meshNamespace}]\n`)
  output.write(`List of meshes present in the cluster:\n${meshTable(meshes)}`)
  const chosen: MeshPlace[] = []
  for (const mesh of specified) {
    const question = `\nUninstall OSM [mesh name: ${mesh.name}] in namespace [${mesh.namespace}] and/or OSM resources?`
    if (await isConfirmed(ask, output, question)) chosen.push(mesh)
  }
  return chosen
}

async function uninstallOne(options: UninstallOptions, mesh: MeshPlace): Promise<void> {
  const { client, output, deleteNamespace, deleteClusterWideResources } = options
  const place = `[${mesh.namespace}]`
  try {
    const removed = await removeMeshObjects(client, {
      ...mesh,
      caBundleSecretName: options.caBundleSecretName,
    })
    if (removed === 0) throw notFound(mesh)
    output.write(`OSM [mesh name: ${mesh.name}] in namespace ${place} uninstalled\n`)
  } catch (error) {
    if (!deleteNamespace && !deleteClusterWideResources) throw error
    if (failedWith(error, 'KISEKI_NOT_FOUND')) output.write(`${messageOf(error)}\n`)
    output.write(
      `Could not uninstall mesh name [${mesh.name}] in namespace ${place}- ${messageOf(error)} - continuing to deleteClusterWideResources and/or deleteNamespace\n`,
    )
  }
  if (deleteNamespace) await removeNamespace(options, mesh.namespace)
}

function notFound({ name, namespace }: MeshPlace): KisekiError {
  return new KisekiError(
    'KISEKI_NOT_FOUND',
    `No OSM control plane with mesh name [${name}] found in namespace [${namespace}]`,
    { remedy: 'See `osm mesh list`; --mesh-name and --osm-namespace name another one.' },
  )
}

async function removeNamespace({ client, output }: UninstallOptions, name: string): Promise<void> {
  try {
    await client.remove(NAMESPACES, { name })
    output.write(`OSM namespace [${name}] deleted successfully\n`)
  } catch (error) {
    if (failedWith(error, 'KISEKI_NOT_FOUND')) output.write(`OSM namespace [${name}] not found\n`)
    else failure(`Could not delete OSM namespace [${name}]`, error)
  }
}
