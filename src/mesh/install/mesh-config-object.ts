import type { MeshConfigObject } from '../../model/kubernetes.ts'
import type { MeshConfigSpec } from '../../model/mesh-config.ts'
import { tracingAddress } from '../mesh-config/tracing-address.ts'
import { MESH_CONFIG_NAME } from '../well-known-names.ts'
import type { InstallValues, TracingValues } from './install-values.ts'
import { commonLabels } from './object-labels.ts'

export function renderMeshConfig(values: InstallValues): MeshConfigObject {
  const { meshNamespace } = values
  const spec: Omit<MeshConfigSpec, 'observability'> & { readonly observability: object } = {
    sidecar: { sidecarTimeout: values.sidecarTimeout, logLevel: values.sidecarLogLevel },
    traffic: {
      enableEgress: values.enableEgress,
      enablePermissiveTrafficPolicyMode: values.enablePermissiveTrafficPolicy,
    },
    observability: {
      tracing: renderTracing(values.tracing, meshNamespace),
      ...(values.accessLog.enable ? { accessLog: values.accessLog } : {}),
    },
  }
  return {
    apiVersion: 'config.openservicemesh.io/v1alpha2',
    kind: 'MeshConfig',
    metadata: { name: MESH_CONFIG_NAME, namespace: meshNamespace, labels: commonLabels(values) },
    spec,
  }
}

/**
 * The address is written as it will be used, so that whoever looks at the object sees where spans go; also while
 * tracing is off, so that who switches it on sees where they will.
 */
function renderTracing(tracing: TracingValues, meshNamespace: string): object {
  const { enable, port, endpoint, sampledFraction, spanName, responseHeaders, headerTags, queryStrings } =
    tracing
  return {
    enable,
    address: tracingAddress(tracing, meshNamespace),
    port,
    endpoint,
    sampledFraction,
    ...(spanName === 'path' ? {} : { spanName }),
    ...(responseHeaders ? {} : { responseHeaders }),
    ...(headerTags.length === 0 ? {} : { headerTags }),
    ...(queryStrings === 'keep' ? {} : { queryStrings }),
  }
}
