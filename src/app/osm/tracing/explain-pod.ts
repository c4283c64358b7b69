import type { Cluster } from '../cluster.ts'
import { configFindings } from './findings/config-findings.ts'
import type { Findings } from './findings/finding.ts'
import { podFindings } from './findings/pod-findings.ts'
import { sidecarFindings } from './findings/sidecar-findings.ts'
import { spanFindings } from './findings/span-findings.ts'
import { storedFindings } from './findings/stored-findings.ts'

export interface ExplainOptions {
  readonly cluster: Pick<Cluster, 'client' | 'pods'>
  readonly pod: string
  readonly namespace: string
  readonly meshNamespace: string
  readonly queryUrl?: string
  readonly nowMillis: number
}

/** `osm tracing explain`: why there is no trace of a pod, from what is wanted to what is stored. */
export async function* explainPod(options: ExplainOptions): Findings {
  const { cluster, meshNamespace, namespace, queryUrl, nowMillis } = options
  const tracing = yield* configFindings(cluster.client, meshNamespace)
  if (tracing === undefined) return
  const pod = yield* podFindings(cluster.client, { name: options.pod, namespace, meshNamespace })
  if (pod === undefined) return
  if ((yield* sidecarFindings(cluster, meshNamespace, pod)) === undefined) return
  yield* spanFindings(cluster, pod, tracing)
  const { address: collector, port } = tracing
  const place = { meshNamespace, collector, port, nowMillis, ...(queryUrl === undefined ? {} : { queryUrl }) }
  yield* storedFindings(cluster, pod, place)
}
