import type { PodTemplate } from '../../../model/kubernetes-pod.ts'
import type { Deployment, ReplicaSet } from '../../../model/kubernetes-workload.ts'
import { withPodSpecDefaults } from './pod-spec-defaults.ts'

const ROLLING_UPDATE = { maxSurge: '25%', maxUnavailable: '25%' }

/** What kube-apiserver writes into a Deployment that does not say it (k8s.io/api/apps/v1). */
export function withDeploymentDefaults(deployment: Deployment): Deployment {
  const { spec } = deployment
  return {
    ...deployment,
    spec: {
      replicas: 1,
      revisionHistoryLimit: 10,
      progressDeadlineSeconds: 600,
      ...spec,
      strategy: strategyOf(spec),
      template: withTemplateDefaults(spec.template),
    },
  }
}

export function withReplicaSetDefaults(replicaSet: ReplicaSet): ReplicaSet {
  const { spec } = replicaSet
  return {
    ...replicaSet,
    spec: { ...spec, replicas: spec.replicas ?? 1, template: withTemplateDefaults(spec.template) },
  }
}

function strategyOf({ strategy = {} }: Deployment['spec']): NonNullable<Deployment['spec']['strategy']> {
  const { type = 'RollingUpdate', rollingUpdate } = strategy
  if (type === 'Recreate') return strategy
  return { ...strategy, type, rollingUpdate: { ...ROLLING_UPDATE, ...rollingUpdate } }
}

function withTemplateDefaults(template: PodTemplate): PodTemplate {
  return { ...template, spec: withPodSpecDefaults(template.spec) }
}
