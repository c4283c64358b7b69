import type { AccessLogSpec, TracingSpec } from '../../model/mesh-config.ts'
import { defaultMeshConfig } from '../mesh-config/defaults.ts'

/** The values of osm-edge's chart that are acted on, without their prefix `osm.`. */
export interface InstallValues {
  /** From `--mesh-name`; not a value. */
  readonly meshName: string
  /** From `--osm-namespace`; not a value. */
  readonly meshNamespace: string
  /** Of the program that installs; empty: not said. Not a value. */
  readonly version: string
  /** From `--enforce-single-mesh`; not a value. */
  readonly enforceSingleMesh: boolean
  /** Ours: `osm.osmController.image`. */
  readonly controllerImage: string
  /** Ours: `osm.injector.image`. */
  readonly injectorImage: string
  /** Empty: the one that the injector knows. */
  readonly sidecarImage: string
  readonly deployJaeger: boolean
  readonly enableEgress: boolean
  readonly enablePermissiveTrafficPolicy: boolean
  readonly sidecarLogLevel: string
  /** Seconds. */
  readonly sidecarTimeout: number
  readonly tracing: TracingValues
  /** Ours. */
  readonly accessLog: AccessLogSpec
}

/** `spanName`, `responseHeaders`, `headerTags` and `queryStrings` are ours. */
export interface TracingValues extends TracingSpec {
  /** Of the Jaeger that is deployed. */
  readonly image: string
}

export interface MeshIdentity {
  readonly meshName: string
  readonly meshNamespace: string
  /** Absent: not said. */
  readonly version?: string
  /** Absent: true. */
  readonly enforceSingleMesh?: boolean
}

export function defaultInstallValues(mesh: MeshIdentity): InstallValues {
  const { sidecar, traffic, observability } = defaultMeshConfig()
  return {
    meshName: mesh.meshName,
    meshNamespace: mesh.meshNamespace,
    version: mesh.version ?? '',
    enforceSingleMesh: mesh.enforceSingleMesh ?? true,
    controllerImage: 'kiseki/osm-controller',
    injectorImage: 'kiseki/osm-injector',
    sidecarImage: '',
    deployJaeger: false,
    enableEgress: traffic.enableEgress,
    enablePermissiveTrafficPolicy: traffic.enablePermissiveTrafficPolicyMode,
    sidecarLogLevel: sidecar.logLevel,
    sidecarTimeout: sidecar.sidecarTimeout,
    tracing: { ...observability.tracing, image: 'jaegertracing/all-in-one' },
    accessLog: observability.accessLog,
  }
}
