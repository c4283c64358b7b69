import type { WatchEvent, WatchOptions } from '../../kube/client.ts'
import { KubeFailure } from '../../kube/kube-failure.ts'
import type { Resource } from '../../kube/resources.ts'
import type { KubeObject } from '../../model/kubernetes.ts'
import type { EventRing, StoreEvent } from './event-ring.ts'
import { sameResource } from './resource-key.ts'
import { isInSelection, type Selection } from './selection.ts'

/**
 * Reads the ring at its own pace: a watcher that falls behind by more than the ring holds has missed something
 * and is told so; nothing is queued for it.
 */
export async function* watchRing<T extends KubeObject>(
  ring: EventRing,
  resource: Resource<T>,
  options: WatchOptions & Selection,
): AsyncGenerator<WatchEvent<T>> {
  let version = parseVersion(options.resourceVersion)
  while (!options.signal.aborted) {
    const events = ring.after(version)
    if (events === undefined) throw gone(version, ring.version)
    for (const event of events) {
      version = event.version
      const seen = isOf(resource, event) ? asSeen(event, options) : undefined
      if (seen !== undefined) yield seen
      if (options.signal.aborted) return
    }
    await ring.changed(version, options.signal)
  }
}

/** Who watches a selection sees objects come and go when their labels change. */
function asSeen<T extends KubeObject>(
  event: StoreEvent<T>,
  options: WatchOptions & Selection,
): WatchEvent<T> | undefined {
  const { object, previous } = event
  const now = event.type !== 'DELETED' && isInSelection(object, options)
  const before = previous !== undefined && isInSelection(previous, options)
  if (now) return { type: before ? 'MODIFIED' : 'ADDED', object }
  return before ? { type: 'DELETED', object } : undefined
}

function isOf<T extends KubeObject>(resource: Resource<T>, event: StoreEvent): event is StoreEvent<T> {
  return sameResource(event.resource, resource)
}

function parseVersion(text: string): number {
  if (/^\d+$/.test(text)) return Number(text)
  throw new KubeFailure('BadRequest', `resourceVersion: Invalid value: "${text}": must be a number`)
}

function gone(version: number, current: number): KubeFailure {
  return new KubeFailure('Expired', `too old resource version: ${version} (${current})`)
}
