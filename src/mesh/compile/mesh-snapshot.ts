import type { Endpoints, Namespace, PolicyObject, Service } from '../../model/kubernetes.ts'
import type { Pod } from '../../model/kubernetes-pod.ts'
import type { MeshConfigSpec } from '../../model/mesh-config.ts'

/** All that SidecarConfigs are compiled from, as it was at one moment. The order of the lists means nothing. */
export interface MeshSnapshot {
  readonly meshName: string
  readonly meshNamespace: string
  readonly meshConfig: MeshConfigSpec
  readonly namespaces: readonly Namespace[]
  readonly services: readonly Service[]
  readonly endpoints: readonly Endpoints[]
  readonly pods: readonly Pod[]
  readonly upstreamTrafficSettings: readonly PolicyObject[]
  readonly retries: readonly PolicyObject[]
}
