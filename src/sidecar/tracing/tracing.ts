import type { SidecarConfig } from '../../model/sidecar-config.ts'
import type { SidecarMetrics } from '../sidecar-metrics.ts'
import { RelayTracer } from './relay-tracer.ts'
import { RequestTracer, type TracerGround } from './request-tracer.ts'

/** The tracers of one configuration that has tracing on. */
export interface Tracing {
  readonly client: RequestTracer
  readonly server: RequestTracer
  readonly clientRelays: RelayTracer
  readonly serverRelays: RelayTracer
}

export function createTracing(
  config: SidecarConfig,
  ground: TracerGround,
  metrics: SidecarMetrics,
): Tracing | undefined {
  const { identity, tracing } = config
  if (tracing === undefined) return undefined
  return {
    client: new RequestTracer({ ...ground, kind: 'CLIENT', identity, tracing, counters: metrics.outbound }),
    server: new RequestTracer({ ...ground, kind: 'SERVER', identity, tracing, counters: metrics.inbound }),
    clientRelays: new RelayTracer({ ...ground, kind: 'CLIENT', identity, tracing }),
    serverRelays: new RelayTracer({ ...ground, kind: 'SERVER', identity, tracing }),
  }
}
