import type { MeshConfigSpec } from '../../model/mesh-config.ts'

/** What a MeshConfig means that says nothing. */
export function defaultMeshConfig(): MeshConfigSpec {
  return {
    sidecar: { sidecarTimeout: 60, logLevel: 'error' },
    traffic: { enableEgress: true, enablePermissiveTrafficPolicyMode: true },
    observability: {
      tracing: {
        enable: false,
        address: '',
        port: 9411,
        endpoint: '/api/v2/spans',
        sampledFraction: '1.0',
        spanName: 'path',
        responseHeaders: true,
        headerTags: [],
        queryStrings: 'keep',
      },
      accessLog: { enable: false },
    },
  }
}
