import type { Resource } from '../../kube/resources.ts'
import type { KubeObject } from '../../model/kubernetes.ts'

/** One write. Versions have no gaps: each write is the next number. */
export interface StoreEvent<T extends KubeObject = KubeObject> {
  readonly version: number
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'
  readonly resource: Resource
  readonly object: T
  /** Absent for what was added. */
  readonly previous?: T
}

/** The last writes, as many as fit. */
export interface EventRing {
  /** The version of the last write. */
  readonly version: number
  add(event: Omit<StoreEvent, 'version'>): void
  /** What came after a version; undefined when some of it is forgotten, or the version is yet to come. */
  after(version: number): readonly StoreEvent[] | undefined
  /** Resolves when there is something after the version, or the signal aborts. */
  changed(version: number, signal: AbortSignal): Promise<void>
}

export function createEventRing(capacity: number, firstVersion: number): EventRing {
  const events: StoreEvent[] = []
  const waiting = new Set<() => void>()
  let version = firstVersion

  return {
    get version() {
      return version
    },
    add(event) {
      version++
      events[version % capacity] = { ...event, version }
      for (const wake of [...waiting]) wake()
    },
    after(since) {
      const count = version - since
      const kept = Math.min(capacity, version - firstVersion)
      if (count < 0 || count > kept) return undefined
      return Array.from({ length: count }, (_, i) => events[(since + 1 + i) % capacity]).filter(
        event => event !== undefined,
      )
    },
    changed(since, signal) {
      return new Promise(resolve => {
        if (version > since || signal.aborted) return resolve()
        const wake = () => {
          waiting.delete(wake)
          signal.removeEventListener('abort', wake)
          resolve()
        }
        waiting.add(wake)
        signal.addEventListener('abort', wake)
      })
    },
  }
}
