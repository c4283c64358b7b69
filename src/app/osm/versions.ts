import { nameOf } from '../../kube/apply.ts'
import { CONTROLLER_PORT } from '../../mesh/install/component-names.ts'
import { isJsonObject, type JsonObject } from '../../model/json.ts'
import type { Cluster } from './cluster.ts'
import { controllerPod, listMeshes, type Mesh } from './meshes.ts'
import { getJson } from './pod-json.ts'
import { textTable } from './text-table.ts'

/** First line of `osm version`. Commit and date are those of the build, which packages of npm do not carry. */
export function clientVersionLine(version: string, versionOnly: boolean): string {
  if (versionOnly) return `CLI Version: ${version}\n`
  return `CLI Version: version.Info{Version:${JSON.stringify(version)}, GitCommit:"", BuildDate:""}\n`
}

export const NO_MESH_LINE = '\nUnable to find OSM control plane in the cluster\n'

/** The rest of `osm version`: what the controllers say, or else what their installation said. */
export async function meshVersions(
  cluster: Pick<Cluster, 'client' | 'pods'>,
  versionOnly: boolean,
): Promise<string> {
  const meshes = await listMeshes(cluster.client)
  if (meshes.length === 0) return NO_MESH_LINE
  const infos = await Promise.all(meshes.map(mesh => versionOf(cluster, mesh)))
  const columns = versionOnly ? 3 : 5
  const rows = [
    ['MESH NAME', 'MESH NAMESPACE', 'VERSION', 'GIT COMMIT', 'BUILD DATE'],
    ...meshes.map(({ name, namespace, version }, at) => {
      const info = infos[at] ?? {}
      return [name, namespace, textOf(info['version']) ?? version, ...buildOf(info)]
    }),
  ]
  return `\n${textTable(rows.map(row => row.slice(0, columns)))}`
}

function buildOf(info: JsonObject): readonly [string, string] {
  return [textOf(info['git_commit']) ?? '-', textOf(info['build_date']) ?? '-']
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

async function versionOf(
  { client, pods }: Pick<Cluster, 'client' | 'pods'>,
  mesh: Mesh,
): Promise<JsonObject> {
  try {
    const pod = await controllerPod(client, mesh.namespace)
    const answer = await getJson(pods, nameOf(pod), { port: CONTROLLER_PORT, path: '/version' })
    return isJsonObject(answer) ? answer : {}
  } catch {
    return {}
  }
}
