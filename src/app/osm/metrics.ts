import { nameOf } from '../../kube/apply.ts'
import type { KubeClient } from '../../kube/client.ts'
import { NAMESPACES, PODS } from '../../kube/resources.ts'
import {
  METRICS_ANNOTATION,
  MONITORED_BY_LABEL,
  PROXY_UUID_LABEL,
  SIDECAR_METRICS_PORT,
} from '../../mesh/well-known-names.ts'
import { KisekiError } from '../../model/errors.ts'
import { failure } from './failure.ts'
import type { Output } from './output.ts'

export interface MetricsOptions {
  readonly client: KubeClient
  readonly output: Output
  readonly namespaces: readonly string[]
  readonly enable: boolean
}

/** `osm metrics enable|disable`: whether Prometheus shall scrape the sidecars, those that run and those to come. */
export async function switchMetrics(options: MetricsOptions): Promise<void> {
  for (const namespace of options.namespaces) await switchNamespace(options, namespace)
}

async function switchNamespace({ client, output, enable }: MetricsOptions, name: string): Promise<void> {
  const verb = enable ? 'enabled' : 'disabled'
  const refused = (error: unknown) => failure(`Failed to change metrics in namespace [${name}]`, error)
  const namespace = await client.get(NAMESPACES, { name }).catch(refused)
  if (namespace.metadata.labels?.[MONITORED_BY_LABEL] === undefined) {
    throw new KisekiError(
      'KISEKI_CONFLICT',
      `Namespace [${name}] does not belong to a mesh, missing annotation "${MONITORED_BY_LABEL}"`,
      { remedy: `Add it: osm namespace add ${name}` },
    )
  }
  const mark = { annotations: { [METRICS_ANNOTATION]: enable ? 'enabled' : null } }
  await client.patch(NAMESPACES, { name }, { metadata: mark }).catch(refused)
  await annotatePods(client, name, enable).catch(refused)
  output.write(`Metrics successfully ${verb} in namespace [${name}]\n`)
}

async function annotatePods(client: KubeClient, namespace: string, enable: boolean): Promise<void> {
  const annotations = {
    'prometheus.io/scrape': enable ? 'true' : null,
    'prometheus.io/port': enable ? String(SIDECAR_METRICS_PORT) : null,
    'prometheus.io/path': enable ? '/stats/prometheus' : null,
  }
  const { items } = await client.list(PODS, { namespace })
  for (const pod of items.filter(({ metadata }) => metadata.labels?.[PROXY_UUID_LABEL] !== undefined))
    await client.patch(PODS, nameOf(pod), { metadata: { annotations } })
}
