import { nameOf } from '../../../../kube/apply.ts'
import type { KubePods } from '../../../../kube/pods.ts'
import { SIDECAR_ADMIN_PORT } from '../../../../mesh/well-known-names.ts'
import { isJsonObject } from '../../../../model/json.ts'
import type { Pod } from '../../../../model/kubernetes.ts'
import { parseLedger, type SidecarLedger } from '../../../mesh/ledgers.ts'
import { samplesOf } from '../../../mesh/metrics-page.ts'
import { getJson } from '../../pod-json.ts'

/** What became of the spans of one sidecar. */
export interface ExportState extends Omit<SidecarLedger, 'dropped'> {
  /** By reason; those that did not happen are left out. */
  readonly dropped: ReadonlyMap<string, number>
  /** What the collector answered last; absent where the sidecar does not say. */
  readonly lastResult?: string
  /** The last batch was not taken. */
  readonly isFailing: boolean
}

/** What `last_export` says as long as nothing is wrong. */
const WELL = ['acknowledged', 'nothing sent yet']

export async function readExport(pods: KubePods, pod: Pod, page: string): Promise<ExportState> {
  const dropped = samplesOf(page, 'kiseki_sidecar_spans_dropped_total').filter(({ value }) => value > 0)
  const lastResult = await readLastResult(pods, pod)
  return {
    ...parseLedger(page),
    dropped: new Map(dropped.map(({ labels, value }) => [labels.get('reason') ?? 'unknown', value])),
    isFailing: lastResult !== undefined && !WELL.includes(lastResult),
    ...(lastResult === undefined ? {} : { lastResult }),
  }
}

export function dropText(dropped: ExportState['dropped']): string {
  if (dropped.size === 0) return 'none dropped'
  return `dropped: ${[...dropped].map(([reason, spans]) => `${spans} ${reason}`).join(', ')}`
}

async function readLastResult(pods: KubePods, pod: Pod): Promise<string | undefined> {
  const place = { port: SIDECAR_ADMIN_PORT, path: '/config_dump' }
  const dump = await getJson(pods, nameOf(pod), place).catch(() => undefined)
  const tracing = isJsonObject(dump) ? dump['tracing'] : undefined
  const last = isJsonObject(tracing) ? tracing['last_export'] : undefined
  return typeof last === 'string' ? last : undefined
}
