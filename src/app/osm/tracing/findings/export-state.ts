import { nameOf } from '../../../../kube/apply.ts'
import type { KubePods } from '../../../../kube/pods.ts'
import { SIDECAR_ADMIN_PORT } from '../../../../mesh/well-known-names.ts'
import type { Pod } from '../../../../model/kubernetes-pod.ts'
import type { ExportAttempt } from '../../../../model/tracing-report.ts'
import { parseTracingReport } from '../../../../wire/tracing-report-json.ts'
import { parseLedger, type SidecarLedger } from '../../../mesh/ledgers.ts'
import { samplesOf } from '../../../mesh/metrics-page.ts'
import { getText } from '../../pod-json.ts'

/** What became of the spans of one sidecar. */
export interface ExportState extends Omit<SidecarLedger, 'dropped'> {
  /** By reason; those that did not happen are left out. */
  readonly dropped: ReadonlyMap<string, number>
  /** What the collector answered last; absent where the sidecar does not say. */
  readonly lastResult?: string
  /** The last batch was not taken. */
  readonly isFailing: boolean
}

export async function readExport(pods: KubePods, pod: Pod, page: string): Promise<ExportState> {
  const dropped = samplesOf(page, 'kiseki_sidecar_spans_dropped_total').filter(({ value }) => value > 0)
  const last = await readLastExport(pods, pod)
  return {
    ...parseLedger(page),
    dropped: new Map(dropped.map(({ labels, value }) => [labels.get('reason') ?? 'unknown', value])),
    isFailing: last !== undefined && last.outcome !== 'acknowledged',
    ...(last === undefined ? {} : { lastResult: last.detail === '' ? last.outcome : last.detail }),
  }
}

export function dropText(dropped: ExportState['dropped']): string {
  if (dropped.size === 0) return 'none dropped'
  return `dropped: ${[...dropped].map(([reason, spans]) => `${spans} ${reason}`).join(', ')}`
}

/** A sidecar that does not say it, or in another form, is of another release. */
async function readLastExport(pods: KubePods, pod: Pod): Promise<ExportAttempt | undefined> {
  const place = { port: SIDECAR_ADMIN_PORT, path: '/tracing' }
  try {
    return parseTracingReport(await getText(pods, nameOf(pod), place)).lastExport
  } catch {
    return undefined
  }
}
