import type { Condition, KubeObject, LabelSelector } from './kubernetes.ts'
import type { PodTemplate } from './kubernetes-pod.ts'

/** What keeps pods running (kubernetes.io/docs/reference/kubernetes-api/workload-resources). */

export interface ReplicaSet extends KubeObject {
  readonly spec: {
    readonly replicas: number
    readonly selector: LabelSelector
    readonly template: PodTemplate
    readonly minReadySeconds?: number
  }
  readonly status?: {
    readonly replicas: number
    readonly readyReplicas: number
    readonly availableReplicas?: number
    readonly observedGeneration?: number
  }
}

export interface Deployment extends KubeObject {
  readonly spec: {
    readonly replicas?: number
    readonly selector: LabelSelector
    readonly template: PodTemplate
    readonly strategy?: {
      readonly type?: 'RollingUpdate' | 'Recreate'
      /** Pods, or `25%` of the replicas. */
      readonly rollingUpdate?: {
        readonly maxSurge?: number | string
        readonly maxUnavailable?: number | string
      }
    }
    /** How many ReplicaSets of former templates are kept. Absent: 10. */
    readonly revisionHistoryLimit?: number
    /** Absent: 0. How long a pod must be ready to count as available. */
    readonly minReadySeconds?: number
    /** Absent: 600. A rollout that does not get on for so long is said to have failed. */
    readonly progressDeadlineSeconds?: number
    readonly paused?: boolean
  }
  readonly status?: {
    readonly replicas: number
    readonly readyReplicas: number
    readonly updatedReplicas: number
    readonly availableReplicas: number
    readonly unavailableReplicas?: number
    readonly observedGeneration?: number
    readonly conditions?: readonly Condition[]
  }
}
