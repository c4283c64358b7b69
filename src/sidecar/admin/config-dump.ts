import type { Json, JsonObject } from '../../model/json.ts'
import type { SidecarConfig } from '../../model/sidecar-config.ts'
import type { TracingReport } from '../../model/tracing-report.ts'
import type { Tables } from '../routing/tables.ts'
import type { PodIdentity } from '../settings.ts'
import type { OpenListener } from './admin-routes.ts'
import { clusterDumps } from './cluster-dump.ts'
import { envoyType, socketAddress, versioned } from './envoy-shapes.ts'
import { inboundRouteDump, outboundRouteDump } from './route-dump.ts'

export interface ConfigDumpInput {
  readonly pod: PodIdentity
  /** In force; undefined before the first. */
  readonly tables: Tables | undefined
  /** Those for traffic that are open. */
  readonly listeners: readonly OpenListener[]
  readonly report: TracingReport
}

/**
 * What the sidecar runs with, taken from the tables in force and not from what was sent last. The parts stand where
 * Envoy's dump has them, as osm-edge's documentation shows them; behind them what Envoy has no place for, and the
 * SidecarConfig as it was compiled. It has no secret in it: a SidecarConfig has none.
 */
export function configDump(input: ConfigDumpInput): JsonObject {
  const { tables, report } = input
  return {
    configs: [
      bootstrapDump(input),
      ...(tables === undefined ? [] : [clustersDump(tables)]),
      listenersDump(input),
      ...(tables === undefined ? [] : [routesDump(tables)]),
    ],
    revision: tables?.config.revision ?? null,
    tracing: tracingDump(report),
    sidecar_config: tables === undefined ? null : configJson(tables.config),
  }
}

function bootstrapDump({ pod, tables }: ConfigDumpInput): JsonObject {
  const identity = tables?.config.identity
  return {
    '@type': envoyType('admin.v3.BootstrapConfigDump'),
    bootstrap: {
      node: {
        id: pod.uid,
        ...(identity === undefined ? {} : { cluster: identity.workload }),
        metadata: {
          ...(identity === undefined
            ? {}
            : { mesh: identity.mesh, service_account: identity.serviceAccount }),
          namespace: pod.namespace,
          pod: pod.name,
          address: pod.address,
        },
      },
    },
  }
}

function clustersDump({ config, inbound, outbound }: Tables): JsonObject {
  const routes = [...outbound.routes, ...inbound.byPort.values()]
  return {
    '@type': envoyType('admin.v3.ClustersConfigDump'),
    version_info: config.revision,
    dynamic_active_clusters: clusterDumps(config, routes).map(cluster =>
      versioned(config.revision, { cluster }),
    ),
  }
}

function listenersDump({ listeners }: ConfigDumpInput): JsonObject {
  return {
    '@type': envoyType('admin.v3.ListenersConfigDump'),
    static_listeners: listeners.map(listener => ({
      listener: {
        '@type': envoyType('config.listener.v3.Listener'),
        name: listener.name,
        address: socketAddress(listener),
        traffic_direction: listener.name.toUpperCase(),
      },
    })),
  }
}

function routesDump(tables: Tables): JsonObject {
  const { revision } = tables.config
  return {
    '@type': envoyType('admin.v3.RoutesConfigDump'),
    dynamic_route_configs: [outboundRouteDump(tables.config), inboundRouteDump(tables)].map(route_config =>
      versioned(revision, { route_config }),
    ),
  }
}

function tracingDump({ tracing }: TracingReport): JsonObject {
  if (tracing === undefined) return { enable: false }
  const { address, port, endpoint, sampledFraction } = tracing
  return { enable: true, address, port, endpoint, sampled_fraction: sampledFraction }
}

/** It came as JSON, and goes as JSON. */
function configJson(config: SidecarConfig): Json {
  return JSON.parse(JSON.stringify(config)) as Json
}
