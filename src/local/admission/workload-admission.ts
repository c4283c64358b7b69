import { isDeepStrictEqual } from 'node:util'
import { KubeFailure } from '../../kube/kube-failure.ts'
import { DEPLOYMENTS, REPLICA_SETS, type Resource } from '../../kube/resources.ts'
import { hasLabels } from '../../kube/selection.ts'
import type { KubeObject, LabelSelector } from '../../model/kubernetes.ts'
import type { PodTemplate } from '../../model/kubernetes-pod.ts'
import type { Deployment, ReplicaSet } from '../../model/kubernetes-workload.ts'
import { invalid } from '../store/store-errors.ts'
import { withDeploymentDefaults, withReplicaSetDefaults } from './defaults/workload-defaults.ts'
import { checkPodSpec } from './pod-admission.ts'

export function admitDeployment(deployment: Deployment, previous?: Deployment): Deployment {
  checkWorkload(DEPLOYMENTS, deployment, previous)
  return withDeploymentDefaults(deployment)
}

export function admitReplicaSet(replicaSet: ReplicaSet, previous?: ReplicaSet): ReplicaSet {
  checkWorkload(REPLICA_SETS, replicaSet, previous)
  return withReplicaSetDefaults(replicaSet)
}

interface Workload extends KubeObject {
  readonly spec: {
    readonly replicas?: number
    readonly selector: LabelSelector
    readonly template: PodTemplate
  }
}

function checkWorkload(resource: Resource, workload: Workload, previous?: Workload): void {
  const refuse = (field: string, problem: string) =>
    invalid(resource, workload.metadata.name, `spec.${field}`, problem)
  const { replicas = 1, selector, template }: Partial<Workload['spec']> = workload.spec ?? {}
  if (!Number.isInteger(replicas) || replicas < 0) {
    throw refuse('replicas', `Invalid value: ${replicas}: must be greater than or equal to 0`)
  }
  const selected = previous?.spec.selector
  if (selected !== undefined && !isDeepStrictEqual(selector, selected))
    throw refuse('selector', `Invalid value: ${JSON.stringify(selector)}: field is immutable`)
  if (selector !== undefined && 'matchExpressions' in selector)
    throw new KubeFailure(
      'NotImplemented',
      `spec.selector.matchExpressions of a ${resource.kind} is not supported here; use matchLabels`,
    )
  const wanted = selector?.matchLabels
  if (wanted === undefined || Object.keys(wanted).length === 0)
    throw refuse('selector.matchLabels', 'Required value')
  if (!hasLabels(template?.metadata?.labels, wanted)) {
    throw refuse(
      'template.metadata.labels',
      `Invalid value: ${JSON.stringify(template?.metadata?.labels ?? null)}: \`selector\` does not match template \`labels\``,
    )
  }
  checkPodSpec(resource, workload, 'spec.template.spec', template?.spec)
}
