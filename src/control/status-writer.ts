import type { KubeClient } from '../kube/client.ts'
import { failedWith } from '../kube/kube-errors.ts'
import { MESH_CONFIGS } from '../kube/resources.ts'
import type { MeshConfigObject } from '../model/kubernetes.ts'
import { errorFields, type Logger } from '../runtime/logger.ts'
import type { MeshConfigStatus } from './mesh-config-status.ts'

/** Writes the status of the MeshConfig, one write at a time, the newest of those that wait. */
export interface StatusWriter {
  write(object: MeshConfigObject, status: MeshConfigStatus): void
  /** Nothing more is written. Resolves when no write is under way. */
  close(): Promise<void>
}

export function createStatusWriter(client: KubeClient, logger: Logger): StatusWriter {
  let next: (() => Promise<unknown>) | undefined
  let writing: Promise<void> | undefined

  async function writeAll(): Promise<void> {
    while (next !== undefined) {
      const write = next
      next = undefined
      await write().catch(report)
    }
    writing = undefined
  }

  /** The next change of the object is a new occasion. */
  function report(error: unknown): void {
    // It was deleted, or its definition has no status: nothing that a person has to do.
    if (failedWith(error, 'KISEKI_NOT_FOUND')) return
    logger.warn('the status of the MeshConfig could not be written', errorFields(error))
  }

  return {
    write({ metadata: { name, namespace } }, status) {
      const place = namespace === undefined ? { name } : { name, namespace }
      next = () => client.patch(MESH_CONFIGS, place, { status }, { subresource: 'status' })
      writing ??= writeAll()
    },
    async close() {
      next = undefined
      await writing
    },
  }
}
