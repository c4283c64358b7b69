import type { SidecarConfig } from '../../model/sidecar-config.ts'
import type { SidecarMetrics } from '../sidecar-metrics.ts'
import { RequestTracer, type TracerGround } from './request-tracer.ts'

/** The tracers of one configuration that has tracing on. */
export interface Tracing {
  readonly client: RequestTracer
  readonly server: RequestTracer
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
  }
}
