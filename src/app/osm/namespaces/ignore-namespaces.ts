import type { KubeClient } from '../../../kube/client.ts'
import { NAMESPACES } from '../../../kube/resources.ts'
import { IGNORE_LABEL } from '../../../mesh/well-known-names.ts'
import { failure } from '../failure.ts'
import type { Output } from '../output.ts'

/** `osm namespace ignore`: no mesh may take them. */
export async function ignoreNamespaces(
  client: KubeClient,
  output: Output,
  names: readonly string[],
): Promise<void> {
  for (const name of names) {
    await client
      .get(NAMESPACES, { name })
      .catch((error: unknown) => failure(`Failed to retrieve namespace [${name}]`, error))
    await client
      .patch(NAMESPACES, { name }, { metadata: { labels: { [IGNORE_LABEL]: 'true' } } })
      .catch((error: unknown) => failure(`Failed to configure namespace [${name}] to be ignored`, error))
    output.write(`Successfully configured namespace [${name}] to be ignored\n`)
  }
}
