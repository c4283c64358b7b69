import type { TracingSpec } from '../../model/mesh-config.ts'
import { CLUSTER_DOMAIN } from '../well-known-names.ts'

/** Where spans go: the address that was written, or else the Jaeger of the mesh. */
export function tracingAddress(tracing: Pick<TracingSpec, 'address'>, meshNamespace: string): string {
  return tracing.address === '' ? `jaeger.${meshNamespace}.svc.${CLUSTER_DOMAIN}` : tracing.address
}
