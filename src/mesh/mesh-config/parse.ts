import type { MeshConfigSpec, TracingSpec } from '../../model/mesh-config.ts'
import {
  checkAddress,
  checkBoolean,
  checkEndpoint,
  checkFraction,
  checkLogLevel,
  checkPort,
  checkQueryStrings,
  checkSeconds,
  checkSpanName,
} from './checks.ts'
import { defaultMeshConfig } from './defaults.ts'
import { checkHeaderTags } from './header-tags.ts'
import { type ConfigProblem, readSection, type Section } from './section.ts'

export type MeshConfigOutcome =
  | { readonly config: MeshConfigSpec }
  /** At least one. */
  | { readonly problems: readonly ConfigProblem[] }

/**
 * Reads the `spec` of a MeshConfig (v1alpha2). What it leaves out has the default; fields that are not known
 * pass, because a MeshConfig of osm-edge has many that are not acted on here.
 */
export function parseMeshConfig(spec: unknown): MeshConfigOutcome {
  const problems: ConfigProblem[] = []
  const defaults = defaultMeshConfig()
  const root = readSection(spec, 'spec', problems)
  const sidecar = root.section('sidecar')
  const traffic = root.section('traffic')
  const observability = root.section('observability')
  const config: MeshConfigSpec = {
    sidecar: {
      sidecarTimeout: sidecar.field('sidecarTimeout', defaults.sidecar.sidecarTimeout, checkSeconds),
      logLevel: sidecar.field('logLevel', defaults.sidecar.logLevel, checkLogLevel),
    },
    traffic: {
      enableEgress: traffic.field('enableEgress', defaults.traffic.enableEgress, checkBoolean),
      enablePermissiveTrafficPolicyMode: traffic.field(
        'enablePermissiveTrafficPolicyMode',
        defaults.traffic.enablePermissiveTrafficPolicyMode,
        checkBoolean,
      ),
    },
    observability: {
      tracing: parseTracing(observability.section('tracing')),
      accessLog: {
        enable: observability
          .section('accessLog')
          .field('enable', defaults.observability.accessLog.enable, checkBoolean),
      },
    },
  }
  return problems.length === 0 ? { config } : { problems }
}

function parseTracing(tracing: Section): TracingSpec {
  const fallback = defaultMeshConfig().observability.tracing
  return {
    enable: tracing.field('enable', fallback.enable, checkBoolean),
    address: tracing.field('address', fallback.address, checkAddress),
    port: tracing.field('port', fallback.port, checkPort),
    endpoint: tracing.field('endpoint', fallback.endpoint, checkEndpoint(fallback.endpoint)),
    sampledFraction: tracing.field(
      'sampledFraction',
      fallback.sampledFraction,
      checkFraction(fallback.sampledFraction),
    ),
    spanName: tracing.field('spanName', fallback.spanName, checkSpanName),
    responseHeaders: tracing.field('responseHeaders', fallback.responseHeaders, checkBoolean),
    headerTags: tracing.field('headerTags', fallback.headerTags, checkHeaderTags),
    queryStrings: tracing.field('queryStrings', fallback.queryStrings, checkQueryStrings),
  }
}
