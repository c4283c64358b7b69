import type { KubeClient } from '../../kube/client.ts'
import type { Informer } from '../../kube/informer.ts'
import type { Service } from '../../model/kubernetes.ts'
import type { Pod } from '../../model/kubernetes-pod.ts'
import type { Deployment, ReplicaSet } from '../../model/kubernetes-workload.ts'
import type { Logger } from '../../runtime/logger.ts'
import type { EventRecorder } from '../event-recorder.ts'

/** What controllers are told by, and act on. They read afresh what they act on: a cache may lag behind their own writes. */
export interface ControllerContext {
  readonly client: KubeClient
  readonly deployments: Informer<Deployment>
  readonly replicaSets: Informer<ReplicaSet>
  readonly pods: Informer<Pod>
  readonly services: Informer<Service>
  readonly events: EventRecorder
  readonly logger: Logger
  /** Microseconds since the epoch. */
  readonly now: () => number
}

export interface Controller {
  close(): Promise<void>
}
