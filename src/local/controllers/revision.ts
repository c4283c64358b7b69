import { DEPLOYMENTS } from '../../kube/resources.ts'
import type { Deployment, ReplicaSet } from '../../model/kubernetes-workload.ts'
import { ownerReferenceTo } from './ownership.ts'
import { TEMPLATE_HASH_LABEL, templateHash } from './template-hash.ts'

export const REVISION_ANNOTATION = 'deployment.kubernetes.io/revision'

/** 0 where there is none. */
export function revisionOf(replicaSet: ReplicaSet): number {
  return Number(replicaSet.metadata.annotations?.[REVISION_ANNOTATION] ?? 0)
}

/** Of the Deployment alone. */
const OWN_ANNOTATIONS: ReadonlySet<string> = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  REVISION_ANNOTATION,
])

/** What a Deployment says of itself goes into its present ReplicaSet: `rollout history` shows the cause of a change. */
export function inheritedAnnotations({ metadata }: Deployment): Readonly<Record<string, string>> {
  const all = Object.entries(metadata.annotations ?? {})
  return Object.fromEntries(all.filter(([name]) => !OWN_ANNOTATIONS.has(name)))
}

/** The ReplicaSet of a Deployment's template, without pods yet. */
export function newReplicaSet(deployment: Deployment, revision: number): ReplicaSet {
  const { name, namespace = '' } = deployment.metadata
  const { template, selector, minReadySeconds } = deployment.spec
  const hash = templateHash(template)
  const labels = { ...template.metadata?.labels, [TEMPLATE_HASH_LABEL]: hash }
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${name}-${hash}`,
      namespace,
      labels,
      annotations: { ...inheritedAnnotations(deployment), [REVISION_ANNOTATION]: String(revision) },
      ownerReferences: [ownerReferenceTo(DEPLOYMENTS, deployment)],
    },
    spec: {
      replicas: 0,
      ...(minReadySeconds === undefined ? {} : { minReadySeconds }),
      selector: { matchLabels: { ...selector.matchLabels, [TEMPLATE_HASH_LABEL]: hash } },
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
  }
}
