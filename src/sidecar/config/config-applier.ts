import { messageOf } from '../../model/errors.ts'
import {
  type ConfigAnswer,
  type Revision,
  type SidecarConfig,
  toRevision,
} from '../../model/sidecar-config.ts'
import type { Logger } from '../../runtime/logger.ts'
import { parseSidecarConfig } from '../../wire/sidecar-config-json.ts'
import type { AccessLogGround } from '../access-log/access-log.ts'
import type { SpanRecorder } from '../export/span-recorder.ts'
import type { BalancerGround } from '../routing/balancer.ts'
import { type BuiltTables, buildTables, type Endpoints } from '../routing/build-tables.ts'
import type { ClusterLoads } from '../routing/cluster-load.ts'
import type { Tables } from '../routing/tables.ts'
import type { SidecarMetrics } from '../sidecar-metrics.ts'
import type { TracerGround } from '../tracing/request-tracer.ts'

export interface ConfigApplierOptions {
  readonly metrics: SidecarMetrics
  readonly tracerGround: TracerGround
  readonly balancerGround: BalancerGround
  readonly accessLogGround: AccessLogGround
  readonly recorder: SpanRecorder
  readonly logger: Logger
  /** Puts the tables in force. */
  readonly use: (tables: Tables) => void
}

/** Makes tables of configurations and puts them in force, one after another. */
export interface ConfigApplier {
  /** In force; undefined before the first. */
  readonly tables: Tables | undefined
  /** A configuration that cannot be used changes nothing. */
  apply(text: string): ConfigAnswer
  /** Closes all idle connections. */
  retire(): void
}

/** Where a text says no revision that could be named in the answer. */
const UNKNOWN_REVISION = 'unknown'

export function createConfigApplier(options: ConfigApplierOptions): ConfigApplier {
  let tables: Tables | undefined
  let endpoints: Endpoints = new Map()
  let loads: ClusterLoads = new Map()

  function swap(built: BuiltTables): void {
    const before = endpoints
    const beyond = tables?.outbound
    tables = built.tables
    endpoints = built.endpoints
    loads = built.loads
    options.use(tables)
    options.recorder.repoint(tables.config.tracing)
    beyond?.retire()
    for (const [key, endpoint] of before) if (!endpoints.has(key)) endpoint.retire()
  }

  return {
    get tables() {
      return tables
    },
    apply(text) {
      try {
        const config: SidecarConfig = parseSidecarConfig(text)
        if (config.revision !== tables?.config.revision) {
          swap(buildTables({ ...options, config, previous: endpoints, previousLoads: loads }))
          options.logger.info('a configuration was applied', { revision: config.revision })
        }
        return { status: 'applied', revision: config.revision }
      } catch (error) {
        const refused = { revision: revisionOf(text), reason: messageOf(error) }
        options.logger.error('a configuration was refused', refused)
        return { status: 'refused', ...refused }
      }
    },
    retire() {
      tables?.outbound.retire()
      for (const endpoint of endpoints.values()) endpoint.retire()
    },
  }
}

/** Read from a text that may be anything. */
function revisionOf(text: string): Revision {
  return toRevision(/"revision"\s*:\s*"([^"\\]+)"/.exec(text)?.[1] ?? UNKNOWN_REVISION)
}
