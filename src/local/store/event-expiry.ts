import { EVENTS } from '../../kube/resources.ts'
import type { KubeEvent } from '../../model/kubernetes.ts'
import type { ObjectStore } from './object-store.ts'
import { sameResource } from './resource-key.ts'

/** As kube-apiserver's `--event-ttl`. */
const KEPT_MICROS = 3_600_000_000
/** Whoever writes them faster than they grow old loses the oldest. */
const MOST_EVENTS = 10_000
const SWEEP_MILLIS = 60_000

export interface EventExpiry {
  close(): void
}

/** Removes Events an hour after they happened last, and the oldest where there are too many. */
export function expireEvents(store: ObjectStore, now: () => number): EventExpiry {
  let planned = false

  function sweep(): void {
    planned = false
    const events = store.list(EVENTS).items.map(event => ({ event, time: lastTime(event) }))
    events.sort((one, other) => one.time - other.time)
    const tooMany = events.length - MOST_EVENTS
    const oldest = now() - KEPT_MICROS
    for (const [index, { event, time }] of events.entries())
      if (index < tooMany || time < oldest) store.remove(EVENTS, event.metadata)
  }

  let seen = store.list(EVENTS).items.length
  store.subscribe(({ type, resource }) => {
    if (type === 'MODIFIED' || !sameResource(resource, EVENTS)) return
    seen += type === 'ADDED' ? 1 : -1
    if (planned || seen <= MOST_EVENTS) return
    planned = true
    setImmediate(sweep)
  })
  const timer = setInterval(sweep, SWEEP_MILLIS).unref()
  sweep()
  return { close: () => clearInterval(timer) }
}

/** Clients may leave any of them out. Microseconds since the epoch. */
function lastTime(event: KubeEvent): number {
  const { lastTimestamp, eventTime }: { lastTimestamp?: unknown; eventTime?: unknown } = event
  const times = [lastTimestamp, eventTime, event.metadata.creationTimestamp]
  const known = times.map(time => Date.parse(String(time))).filter(millis => !Number.isNaN(millis))
  return Math.max(0, ...known) * 1000
}
