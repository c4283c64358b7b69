import type { WatchEvent, WatchOptions } from '../../kube/client.ts'
import type { Resource } from '../../kube/resources.ts'
import { isSelected } from '../../kube/selection.ts'
import { KisekiError } from '../../model/errors.ts'
import type { KubeObject } from '../../model/kubernetes.ts'
import type { EventRing, StoreEvent } from './event-ring.ts'
import { sameResource } from './resource-key.ts'

/**
 * Reads the ring at its own pace: a watcher that falls behind by more than the ring holds has missed something
 * and is told so; nothing is queued for it.
 */
export async function* watchRing<T extends KubeObject>(
  ring: EventRing,
  resource: Resource<T>,
  options: WatchOptions,
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
  options: WatchOptions,
): WatchEvent<T> | undefined {
  const { object, previous } = event
  const now = event.type !== 'DELETED' && isSelected(object, options)
  const before = previous !== undefined && isSelected(previous, options)
  if (now) return { type: before ? 'MODIFIED' : 'ADDED', object }
  return before ? { type: 'DELETED', object } : undefined
}

function isOf<T extends KubeObject>(resource: Resource<T>, event: StoreEvent): event is StoreEvent<T> {
  return sameResource(event.resource, resource)
}

function parseVersion(text: string): number {
  if (/^\d+$/.test(text)) return Number(text)
  throw new KisekiError('KISEKI_INVALID', `resourceVersion: Invalid value: "${text}": must be a number`)
}

function gone(version: number, current: number): KisekiError {
  return new KisekiError('KISEKI_GONE', `too old resource version: ${version} (${current})`)
}
