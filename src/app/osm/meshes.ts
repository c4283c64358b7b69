import type { KubeClient } from '../../kube/client.ts'
import { DEPLOYMENTS, NAMESPACES, PODS } from '../../kube/resources.ts'
import { CONTROLLER } from '../../mesh/install/component-names.ts'
import { MESH_NAME_LABEL, SINGLE_MESH_LABEL, VERSION_LABEL } from '../../mesh/install/object-labels.ts'
import { MONITORED_BY_LABEL } from '../../mesh/well-known-names.ts'
import { KisekiError } from '../../model/errors.ts'
import type { Pod } from '../../model/kubernetes-pod.ts'
import { textTable } from './text-table.ts'

export interface Mesh {
  readonly name: string
  readonly namespace: string
  /** As its installation said. */
  readonly version: string
  /** It allows no other mesh beside it. */
  readonly isSingle: boolean
}

const CONTROLLER_LABELS = { app: CONTROLLER }

/** A mesh is where its controller is; by namespace and name. */
export async function listMeshes(client: KubeClient): Promise<readonly Mesh[]> {
  const { items } = await client.list(DEPLOYMENTS, { labels: CONTROLLER_LABELS })
  const meshes = items.map(({ metadata: { namespace = '', labels = {} } }) => ({
    name: labels[MESH_NAME_LABEL] ?? '',
    namespace,
    version: labels[VERSION_LABEL] ?? 'Unknown',
    isSingle: labels[SINGLE_MESH_LABEL] === 'true',
  }))
  return meshes.sort((a, b) => (`${a.namespace}/${a.name}` < `${b.namespace}/${b.name}` ? -1 : 1))
}

export async function hasController(client: KubeClient, namespace: string): Promise<boolean> {
  const { items } = await client.list(DEPLOYMENTS, { namespace, labels: CONTROLLER_LABELS })
  return items.length > 0
}

/** Names of the namespaces that belong to the mesh. */
export async function namespacesOf(client: KubeClient, mesh: string): Promise<readonly string[]> {
  const { items } = await client.list(NAMESPACES, { labels: { [MONITORED_BY_LABEL]: mesh } })
  return items.map(({ metadata }) => metadata.name).sort()
}

/** A controller that runs. `KISEKI_NOT_FOUND` where none does. */
export async function controllerPod(client: KubeClient, namespace: string): Promise<Pod> {
  const { items } = await client.list(PODS, { namespace, labels: CONTROLLER_LABELS })
  const running = items.find(
    ({ metadata, status }) => status?.phase === 'Running' && metadata.deletionTimestamp === undefined,
  )
  if (running !== undefined) return running
  throw new KisekiError('KISEKI_NOT_FOUND', `no ${CONTROLLER} runs in namespace [${namespace}]`, {
    remedy: 'See `osm verify control-plane-health`; --osm-namespace names another namespace.',
  })
}

/** As a question needs them: which meshes are there to choose from. */
export function meshTable(meshes: readonly Mesh[]): string {
  return textTable([
    ['MESH NAME', 'MESH NAMESPACE', 'VERSION'],
    ...meshes.map(({ name, namespace, version }) => [name, namespace, version]),
  ])
}
