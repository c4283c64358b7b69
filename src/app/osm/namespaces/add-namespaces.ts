import type { KubeClient } from '../../../kube/client.ts'
import { NAMESPACES } from '../../../kube/resources.ts'
import { CONTROLLER } from '../../../mesh/install/component-names.ts'
import {
  IGNORE_LABEL,
  MONITORED_BY_LABEL,
  SIDECAR_INJECTION_ANNOTATION,
} from '../../../mesh/well-known-names.ts'
import { KisekiError } from '../../../model/errors.ts'
import { failure } from '../failure.ts'
import { hasController, listMeshes } from '../meshes.ts'
import type { Output } from '../output.ts'

export interface AddNamespacesOptions {
  readonly client: KubeClient
  readonly output: Output
  readonly names: readonly string[]
  readonly mesh: string
  readonly disableSidecarInjection: boolean
}

/** `osm namespace add`: new pods of the namespaces get a sidecar, unless injection is disabled. */
export async function addNamespaces(options: AddNamespacesOptions): Promise<void> {
  const { client, mesh } = options
  if (!(await listMeshes(client)).some(({ name }) => name === mesh)) {
    throw new KisekiError(
      'KISEKI_NOT_FOUND',
      `mesh [${mesh}] does not exist, please specify another mesh using --mesh-name or create a new mesh`,
      { remedy: 'See `osm mesh list`.' },
    )
  }
  for (const name of options.names) await addNamespace(options, name)
}

async function addNamespace(options: AddNamespacesOptions, name: string): Promise<void> {
  const { client, output, mesh, disableSidecarInjection } = options
  if (await hasController(client, name)) {
    output.write(
      `Namespace [${name}] already has [${CONTROLLER}] installed and cannot be added to mesh [${mesh}]\n`,
    )
    return
  }
  const refused = (error: unknown) => failure(`Could not add namespace [${name}] to mesh [${mesh}]`, error)
  const namespace = await client.get(NAMESPACES, { name }).catch(refused)
  const labels = namespace.metadata.labels ?? {}
  if (labels[MONITORED_BY_LABEL] === mesh) {
    output.write(`Namespace [${name}] has already been added to mesh [${mesh}]\n`)
    return
  }
  if (labels[IGNORE_LABEL] === 'true') {
    throw new KisekiError('KISEKI_CONFLICT', 'Cannot add ignored namespace', {
      remedy: `Take the label off first: kubectl label namespace ${name} ${IGNORE_LABEL}-`,
    })
  }
  const injection = disableSidecarInjection ? 'disabled' : 'enabled'
  const metadata = {
    labels: { [MONITORED_BY_LABEL]: mesh },
    annotations: { [SIDECAR_INJECTION_ANNOTATION]: injection },
  }
  await client.patch(NAMESPACES, { name }, { metadata }).catch(refused)
  output.write(`Namespace [${name}] successfully added to mesh [${mesh}]\n`)
}
