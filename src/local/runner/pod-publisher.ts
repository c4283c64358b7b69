import { failedWith } from '../../kube/kube-errors.ts'
import { PODS } from '../../kube/resources.ts'
import { PORTS_ANNOTATION } from '../../mesh/well-known-names.ts'
import type { Condition } from '../../model/kubernetes.ts'
import type { Pod } from '../../model/kubernetes-pod.ts'
import { errorFields } from '../../runtime/logger.ts'
import { coalesced } from './coalesced.ts'
import type { PodPorts } from './pod-ports.ts'
import { type PodSituation, podStatus } from './pod-status.ts'
import type { RunnerContext } from './runner-context.ts'

/** Writes what becomes of a pod into its object. Never fails: a pod that is gone needs no news. */
export interface PodPublisher {
  /** Soon; what changes in the same turn is written once. */
  status(): void
  ports(ports: PodPorts): Promise<void>
  /** Resolves when all is written. */
  idle(): Promise<void>
}

export interface PodPublisherOptions {
  readonly pod: Pod
  readonly context: Pick<RunnerContext, 'client' | 'logger' | 'now'>
  /** Asked when it is written. */
  readonly situation: () => Omit<PodSituation, 'conditions' | 'now'>
}

/** What a status does not say must go, if a former run has said it. */
const ABSENT = { podIP: null, podIPs: null, initContainerStatuses: null, reason: null, message: null }

export function createPodPublisher({ pod, context, situation }: PodPublisherOptions): PodPublisher {
  const { client, logger, now } = context
  const { name, uid } = pod.metadata
  let conditions: readonly Condition[] = pod.status?.conditions ?? []

  async function patch(
    change: { readonly status: unknown } | { readonly metadata: object },
    options: { readonly subresource?: 'status' } = {},
  ): Promise<void> {
    // Another pod may have the name by now.
    const metadata = 'metadata' in change ? { ...change.metadata, uid } : { uid }
    try {
      await client.patch(PODS, pod.metadata, { ...change, metadata }, options)
    } catch (error) {
      if (failedWith(error, 'KISEKI_NOT_FOUND') || failedWith(error, 'KISEKI_CONFLICT')) return
      logger.error(`cannot write the state of pod ${name}`, errorFields(error))
    }
  }

  const publishing = coalesced(async () => {
    const status = podStatus({ ...situation(), conditions, now: now() })
    conditions = status.conditions ?? []
    await patch({ status: { ...ABSENT, ...status } }, { subresource: 'status' })
  })
  return {
    status: publishing.ask,
    async ports(ports) {
      const text = JSON.stringify(Object.fromEntries(ports.mapping()))
      await patch({ metadata: { annotations: { [PORTS_ANNOTATION]: text } } })
    },
    idle: publishing.idle,
  }
}
