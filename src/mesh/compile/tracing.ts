import type { TracingSpec } from '../../model/mesh-config.ts'
import type { TracingConfig } from '../../model/sidecar-config.ts'
import { tracingAddress } from '../mesh-config/tracing-address.ts'
import { authorities } from './host-names.ts'
import type { HostTable } from './outbound.ts'

export interface TracingContext {
  readonly meshNamespace: string
  /** Of the pod whose sidecar exports: short names are looked up there. */
  readonly namespace: string
  readonly hosts: HostTable
}

/** Undefined: tracing is off. */
export function compileTracing(tracing: TracingSpec, context: TracingContext): TracingConfig | undefined {
  if (!tracing.enable) return undefined
  const address = tracingAddress(tracing, context.meshNamespace)
  const host = address.toLowerCase().replace(/\.$/, '')
  const [authority = host] = authorities(host, tracing.port)
  const port = context.hosts.find(authority, context.namespace)
  return {
    address,
    port: tracing.port,
    endpoint: tracing.endpoint,
    sampledFraction: Number(tracing.sampledFraction),
    spanName: tracing.spanName,
    responseHeaders: tracing.responseHeaders,
    headerTags: tracing.headerTags,
    queryStrings: tracing.queryStrings,
    resolved: port?.backends.map(backend => backend.socket) ?? [],
  }
}
