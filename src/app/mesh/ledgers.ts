import type { KubeClient } from '../../kube/client.ts'
import { PODS } from '../../kube/resources.ts'
import { SIDECAR_CONTAINER, SIDECAR_METRICS_PORT } from '../../mesh/well-known-names.ts'

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
  const sum = (name: string) => pages.reduce((total, page) => total + sumOf(page, name), 0)
  return {
    recorded: sum('kiseki_sidecar_spans_recorded_total'),
    acknowledged: sum('kiseki_sidecar_spans_acknowledged_total'),
    queued: sum('kiseki_sidecar_spans_queued'),
    dropped: sum('kiseki_sidecar_spans_dropped_total'),
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

/** Sums the samples of one metric, whatever their labels (Prometheus text format). */
function sumOf(page: string, name: string): number {
  return page
    .split('\n')
    .filter(line => line.startsWith(`${name} `) || line.startsWith(`${name}{`))
    .reduce((total, line) => total + Number(line.slice(line.lastIndexOf(' ') + 1)), 0)
}
