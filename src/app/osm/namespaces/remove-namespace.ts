import type { KubeClient } from '../../../kube/client.ts'
import { NAMESPACES } from '../../../kube/resources.ts'
import {
  IGNORE_LABEL,
  METRICS_ANNOTATION,
  MONITORED_BY_LABEL,
  SIDECAR_INJECTION_ANNOTATION,
} from '../../../mesh/well-known-names.ts'
import { KisekiError } from '../../../model/errors.ts'
import { failure } from '../failure.ts'
import type { Output } from '../output.ts'

export interface RemoveNamespaceOptions {
  readonly client: KubeClient
  readonly output: Output
  readonly name: string
  readonly mesh: string
}

/** `osm namespace remove`: pods that run keep their sidecars until they are made anew. */
export async function removeNamespace({ client, output, name, mesh }: RemoveNamespaceOptions): Promise<void> {
  const namespace = await client
    .get(NAMESPACES, { name })
    .catch((error: unknown) => failure(`Could not get namespace [${name}]`, error))
  const belongsTo = namespace.metadata.labels?.[MONITORED_BY_LABEL]
  if (belongsTo === undefined) {
    output.write(`Namespace [${name}] already does not belong to any mesh\n`)
    return
  }
  if (belongsTo !== mesh) {
    throw new KisekiError(
      'KISEKI_CONFLICT',
      `Namespace belongs to mesh [${belongsTo}], not mesh [${mesh}]. Please specify the correct mesh`,
      { remedy: `Say --mesh-name ${belongsTo}.` },
    )
  }
  const metadata = {
    labels: { [MONITORED_BY_LABEL]: null, [IGNORE_LABEL]: null },
    annotations: { [SIDECAR_INJECTION_ANNOTATION]: null, [METRICS_ANNOTATION]: null },
  }
  await client
    .patch(NAMESPACES, { name }, { metadata })
    .catch((error: unknown) => failure(`Could not remove namespace [${name}] from mesh [${mesh}]`, error))
  output.write(`Namespace [${name}] successfully removed from mesh [${mesh}]\n`)
}
