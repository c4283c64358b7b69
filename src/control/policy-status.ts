import type { KubeClient } from '../kube/client.ts'
import { failedWith } from '../kube/kube-errors.ts'
import { resourceOf } from '../kube/resource-registry.ts'
import type { PolicyVerdict } from '../mesh/policy/mesh-policies.ts'
import type { PolicyObject } from '../model/kubernetes.ts'
import { errorFields, type Logger } from '../runtime/logger.ts'

/** What is written into the `status` of a policy, for `kubectl get` and `describe`. */
interface PolicyStatus {
  readonly currentStatus: 'committed' | 'error'
  readonly reason: string
}

/** Says in each policy whether it is in force: one write at a time, of each object the newest. */
export interface PolicyStatusWriter {
  write(verdicts: readonly PolicyVerdict[]): void
  /** Nothing more is written. Resolves when no write is under way. */
  close(): Promise<void>
}

export function createPolicyStatusWriter(client: KubeClient, logger: Logger): PolicyStatusWriter {
  const waiting = new Map<string, PolicyVerdict>()
  let writing: Promise<void> | undefined

  async function writeAll(): Promise<void> {
    for (const [key, verdict] of waiting) {
      waiting.delete(key)
      await writeOne(verdict).catch(report)
    }
    writing = undefined
  }

  async function writeOne(verdict: PolicyVerdict): Promise<void> {
    const { name, namespace = 'default' } = verdict.object.metadata
    const status = statusOf(verdict)
    await client.patch(resourceOf(verdict.object), { name, namespace }, { status }, { subresource: 'status' })
    const { kind } = verdict.object
    if (verdict.problem !== undefined) {
      logger.warn('a policy is not in force', { kind, name, namespace, problem: verdict.problem })
    }
  }

  /** The next change of the object is a new occasion. */
  function report(error: unknown): void {
    if (failedWith(error, 'KISEKI_NOT_FOUND')) return
    logger.warn('the status of a policy could not be written', errorFields(error))
  }

  return {
    write(verdicts) {
      for (const verdict of verdicts) {
        const key = verdict.object.metadata.uid ?? ''
        if (saysSo(verdict.object, statusOf(verdict))) waiting.delete(key)
        else waiting.set(key, verdict)
      }
      if (waiting.size > 0) writing ??= writeAll()
    },
    async close() {
      waiting.clear()
      await writing
    },
  }
}

function statusOf({ problem }: PolicyVerdict): PolicyStatus {
  return problem === undefined
    ? { currentStatus: 'committed', reason: '' }
    : { currentStatus: 'error', reason: problem }
}

function saysSo({ status }: PolicyObject, wanted: PolicyStatus): boolean {
  if (typeof status !== 'object' || status === null) return false
  const { currentStatus, reason }: { readonly currentStatus?: unknown; readonly reason?: unknown } = status
  return currentStatus === wanted.currentStatus && (reason ?? '') === wanted.reason
}
