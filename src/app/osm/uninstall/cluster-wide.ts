import { nameOf } from '../../../kube/apply.ts'
import type { KubeClient } from '../../../kube/client.ts'
import { failedWith, unlessAbsent } from '../../../kube/kube-errors.ts'
import {
  CUSTOM_RESOURCE_DEFINITIONS,
  MUTATING_WEBHOOK_CONFIGURATIONS,
  type Resource,
  SECRETS,
  VALIDATING_WEBHOOK_CONFIGURATIONS,
} from '../../../kube/resources.ts'
import { KisekiError, messageOf } from '../../../model/errors.ts'
import { listMeshes } from '../meshes.ts'
import type { Output } from '../output.ts'

export interface ClusterWideOptions {
  readonly client: KubeClient
  readonly output: Output
  readonly caBundleSecretName: string
  readonly meshNamespace: string
}

const DEFINITION_NAMES = [
  'meshconfigs.config.openservicemesh.io',
  'upstreamtrafficsettings.policy.openservicemesh.io',
  'retries.policy.openservicemesh.io',
]
const OF_ANY_MESH = { 'app.kubernetes.io/name': 'openservicemesh.io' }

/** Removes what meshes share, one by one, and goes on where one cannot be removed. */
export async function removeClusterWide(options: ClusterWideOptions): Promise<void> {
  const { client, output, caBundleSecretName, meshNamespace } = options
  await warnOthers(options)
  const webhooks = async (resource: Resource) =>
    (await client.list(resource, { labels: OF_ANY_MESH })).items.map(({ metadata }) => metadata.name)
  const remover = createRemover(client, output)
  await remover.remove('CRD', CUSTOM_RESOURCE_DEFINITIONS, DEFINITION_NAMES)
  for (const resource of [MUTATING_WEBHOOK_CONFIGURATIONS, VALIDATING_WEBHOOK_CONFIGURATIONS])
    await remover.remove(resource.kind, resource, await webhooks(resource))
  await removeSecret(options, caBundleSecretName, meshNamespace)
  if (remover.failedKinds.size === 0) return
  throw new KisekiError(
    'KISEKI_API_FAILED',
    `Failed to completely delete the following OSM resource types: [${[...remover.failedKinds].join(' ')}]`,
  )
}

async function warnOthers({ client, output }: ClusterWideOptions): Promise<void> {
  const meshes = await listMeshes(client)
  if (meshes.length === 0) return
  output.write('Deleting cluster resources will affect current mesh(es) in cluster:\n')
  for (const { name, namespace } of meshes) output.write(`[${name}] mesh in namespace [${namespace}]\n`)
}

interface Remover {
  readonly failedKinds: ReadonlySet<string>
  remove(kind: string, resource: Resource, names: readonly string[]): Promise<void>
}

function createRemover(client: KubeClient, output: Output): Remover {
  const failedKinds = new Set<string>()
  return {
    failedKinds,
    async remove(kind, resource, names) {
      for (const name of names) {
        try {
          await client.remove(resource, { name })
          output.write(`Successfully deleted OSM ${kind}: ${name}\n`)
        } catch (error) {
          if (failedWith(error, 'KISEKI_NOT_FOUND')) {
            output.write(`Ignoring - did not find OSM ${kind}: ${name}\n`)
            continue
          }
          failedKinds.add(kind)
          output.note(`Failed to delete OSM ${kind} ${name}: ${messageOf(error)}\n`)
        }
      }
    },
  }
}

async function removeSecret(options: ClusterWideOptions, name: string, namespace: string): Promise<void> {
  const secret = await unlessAbsent(options.client.get(SECRETS, { name, namespace }))
  if (secret === undefined) {
    options.output.write(`Ignoring - did not find OSM secret ${name} in namespace ${namespace}\n`)
    return
  }
  await unlessAbsent(options.client.remove(SECRETS, nameOf(secret)))
  options.output.write(`Successfully deleted OSM secret ${name} in namespace ${namespace}\n`)
}
