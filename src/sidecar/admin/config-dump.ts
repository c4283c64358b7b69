import type { SidecarConfig, TracingConfig } from '../../model/sidecar-config.ts'
import type { SpanLedger } from '../export/span-ledger.ts'

/** Name under which osm-edge's documentation tells people to look for the tracing address. */
const TRACING_CLUSTER = 'pipy-tracing-cluster'

export interface ConfigDumpInput {
  /** In force; undefined before the first. */
  readonly config: SidecarConfig | undefined
  readonly ledger: SpanLedger
  readonly lastResult: string
}

/**
 * What the sidecar runs with. The tracing address stands where Envoy's dump has it, as documentation shows it;
 * the whole configuration follows as it was compiled.
 */
export function configDump(input: ConfigDumpInput): unknown {
  const { config, ledger } = input
  const tracing = config?.tracing
  return {
    configs: [
      {
        '@type': 'type.googleapis.com/envoy.admin.v3.ClustersConfigDump',
        static_clusters: tracing === undefined ? [] : [{ cluster: tracingCluster(tracing) }],
      },
    ],
    tracing:
      tracing === undefined ? { enable: false } : { enable: true, ...tracing, last_export: input.lastResult },
    spans: {
      recorded: ledger.recorded,
      acknowledged: ledger.acknowledged,
      queued: ledger.queued,
      dropped: ledger.dropped,
    },
    sidecar_config: config ?? null,
  }
}

function tracingCluster(tracing: TracingConfig): unknown {
  return {
    name: TRACING_CLUSTER,
    type: 'LOGICAL_DNS',
    connect_timeout: '1s',
    alt_stat_name: TRACING_CLUSTER,
    load_assignment: {
      cluster_name: TRACING_CLUSTER,
      endpoints: [
        {
          lb_endpoints: [
            {
              endpoint: {
                address: { socket_address: { address: tracing.address, port_value: tracing.port } },
              },
            },
          ],
        },
      ],
    },
  }
}
