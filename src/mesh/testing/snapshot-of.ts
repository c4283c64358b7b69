import type { Endpoints, PolicyObject, Service } from '../../model/kubernetes.ts'
import type { Pod } from '../../model/kubernetes-pod.ts'
import type { AccessLogSpec, TracingSpec, TrafficSpec } from '../../model/mesh-config.ts'
import type { MeshSnapshot } from '../compile/mesh-snapshot.ts'
import { defaultMeshConfig } from '../mesh-config/defaults.ts'
import { endpointsObject } from './kube-objects.ts'

export interface SnapshotParts {
  readonly pods: readonly Pod[]
  readonly services?: readonly Service[]
  /** Absent: all pods are ready. */
  readonly endpoints?: readonly Endpoints[]
  readonly tracing?: Partial<TracingSpec>
  readonly accessLog?: AccessLogSpec
  readonly traffic?: Partial<TrafficSpec>
  readonly upstreamTrafficSettings?: readonly PolicyObject[]
  readonly retries?: readonly PolicyObject[]
}

/** The mesh `osm` of namespace `osm-system` with the default MeshConfig, changed where the parts say so. */
export function snapshotOf({
  pods,
  services = [],
  tracing,
  traffic,
  accessLog,
  ...rest
}: SnapshotParts): MeshSnapshot {
  const config = defaultMeshConfig()
  return {
    meshName: 'osm',
    meshNamespace: 'osm-system',
    meshConfig: {
      sidecar: config.sidecar,
      traffic: { ...config.traffic, ...traffic },
      observability: {
        tracing: { ...config.observability.tracing, ...tracing },
        accessLog: { ...config.observability.accessLog, ...accessLog },
      },
    },
    namespaces: [],
    services,
    endpoints: rest.endpoints ?? services.map(service => endpointsObject(service, podsOf(service, pods))),
    pods,
    upstreamTrafficSettings: rest.upstreamTrafficSettings ?? [],
    retries: rest.retries ?? [],
  }
}

function podsOf(service: Service, pods: readonly Pod[]): readonly Pod[] {
  return pods.filter(
    pod =>
      pod.metadata.namespace === service.metadata.namespace &&
      Object.entries(service.spec.selector ?? {}).every(
        ([key, value]) => pod.metadata.labels?.[key] === value,
      ),
  )
}
