import type { KubeClient } from '../../kube/client.ts'
import { PODS } from '../../kube/resources.ts'
import { SIDECAR_CONTAINER, SIDECAR_METRICS_PORT } from '../../mesh/well-known-names.ts'
import { sumOf } from './metrics-page.ts'

/** The ledger of the sidecars: recorded = acknowledged + queued + Σ dropped, in spans. */
export interface SidecarLedger {
  readonly recorded: number
  readonly acknowledged: number
  readonly queued: number
  readonly dropped: number
}

/** Summed over all sidecars that answer. */
export async function readSidecarLedger(client: KubeClient): Promise<SidecarLedger> {
  const { items } = await client.list(PODS)
  const addresses = items
    .filter(pod => pod.spec.containers.some(container => container.name === SIDECAR_CONTAINER))
    .flatMap(pod => pod.status?.podIP ?? [])
  const pages = await Promise.all(addresses.map(readMetrics))
  return parseLedger(pages.join('\n'))
}

/** Sums what one or more pages of metrics say. */
export function parseLedger(page: string): SidecarLedger {
  return {
    recorded: sumOf(page, 'kiseki_sidecar_spans_recorded_total'),
    acknowledged: sumOf(page, 'kiseki_sidecar_spans_acknowledged_total'),
    queued: sumOf(page, 'kiseki_sidecar_spans_queued'),
    dropped: sumOf(page, 'kiseki_sidecar_spans_dropped_total'),
  }
}

const READ_TIMEOUT_MILLIS = 2000

/** A sidecar that is starting or ending has nothing to say. */
async function readMetrics(address: string): Promise<string> {
  try {
    const signal = AbortSignal.timeout(READ_TIMEOUT_MILLIS)
    return await (await fetch(`http://${address}:${SIDECAR_METRICS_PORT}/metrics`, { signal })).text()
  } catch {
    return ''
  }
}
