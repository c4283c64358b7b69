import type { SidecarConfig } from '../../model/sidecar-config.ts'
import type {
  ExportAttempt,
  RequestCounts,
  TracingInForce,
  TracingReport,
} from '../../model/tracing-report.ts'
import type { SpanLedger } from '../export/span-ledger.ts'
import type { DirectionCounters, SidecarMetrics } from '../sidecar-metrics.ts'

export interface TracingReportInput {
  /** In force; undefined before the first. */
  readonly config: SidecarConfig | undefined
  readonly metrics: SidecarMetrics
  readonly ledger: SpanLedger
  readonly lastAttempt: ExportAttempt | undefined
}

export function tracingReport({ config, metrics, ledger, lastAttempt }: TracingReportInput): TracingReport {
  const tracing = config?.tracing
  const { recorded, acknowledged, queued, dropped } = ledger
  return {
    ...(config === undefined ? {} : { revision: config.revision }),
    ...(tracing === undefined ? {} : { tracing: inForce(tracing) }),
    requests: { inbound: requestCounts(metrics.inbound), outbound: requestCounts(metrics.outbound) },
    spans: { recorded, acknowledged, queued, dropped },
    ...(lastAttempt === undefined ? {} : { lastExport: lastAttempt }),
  }
}

/** Nothing of where the mesh knows the name to lead: that is not written anywhere. */
function inForce({ address, port, endpoint, sampledFraction }: TracingInForce): TracingInForce {
  return { address, port, endpoint, sampledFraction }
}

function requestCounts({ byClass, sampled, unsampled }: DirectionCounters): RequestCounts {
  const seen = byClass.reduce((sum, counter) => sum + counter.value, 0)
  return { seen, sampled: sampled.value, notSampled: unsampled.value }
}
