import type { SpanNaming } from '../../model/mesh-config.ts'
import { defaultMeshConfig } from '../mesh-config/defaults.ts'

/** The values of osm-edge's chart that are acted on, without their prefix `osm.`. */
export interface InstallValues {
  /** From `--mesh-name`; not a value. */
  readonly meshName: string
  /** From `--osm-namespace`; not a value. */
  readonly meshNamespace: string
  readonly deployJaeger: boolean
  readonly enableEgress: boolean
  readonly enablePermissiveTrafficPolicy: boolean
  readonly sidecarLogLevel: string
  /** Seconds. */
  readonly sidecarTimeout: number
  readonly tracing: TracingValues
}

export interface TracingValues {
  readonly enable: boolean
  /** Empty: the Jaeger of the mesh. */
  readonly address: string
  readonly port: number
  readonly endpoint: string
  readonly sampledFraction: string
  /** Ours. */
  readonly spanName: SpanNaming
  /** Of the Jaeger that is deployed. */
  readonly image: string
}

export interface MeshIdentity {
  readonly meshName: string
  readonly meshNamespace: string
}

export function defaultInstallValues(mesh: MeshIdentity): InstallValues {
  const { sidecar, traffic, observability } = defaultMeshConfig()
  return {
    meshName: mesh.meshName,
    meshNamespace: mesh.meshNamespace,
    deployJaeger: false,
    enableEgress: traffic.enableEgress,
    enablePermissiveTrafficPolicy: traffic.enablePermissiveTrafficPolicyMode,
    sidecarLogLevel: sidecar.logLevel,
    sidecarTimeout: sidecar.sidecarTimeout,
    tracing: { ...observability.tracing, image: 'jaegertracing/all-in-one' },
  }
}
