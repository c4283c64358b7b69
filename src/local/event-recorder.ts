import type { KubeClient } from '../kube/client.ts'
import { failedWith, unlessAbsent } from '../kube/kube-errors.ts'
import { EVENTS } from '../kube/resources.ts'
import type { KubeEvent, KubeObject } from '../model/kubernetes.ts'
import { createBoundedQueue } from '../runtime/bounded-queue.ts'
import { errorFields, type Logger } from '../runtime/logger.ts'
import { kubeTime } from './kube-time.ts'

export interface Happening {
  readonly type: 'Normal' | 'Warning'
  /** One word, as kubectl shows it. */
  readonly reason: string
  readonly message: string
  readonly component: string
}

/** Tells people what happened to an object: Event objects, the same happening counted in one. */
export interface EventRecorder {
  /** Never waits and never fails. */
  record(object: KubeObject, happening: Happening): void
  /** Happenings that nobody will see, because the queue was full. */
  readonly dropped: number
  /** Resolves when those before are written. */
  close(): Promise<void>
}

export interface EventRecorderOptions {
  readonly client: KubeClient
  /** Microseconds since the epoch. */
  readonly now: () => number
  readonly logger: Logger
  /** Event objects that are kept; the oldest goes first. Default 500. */
  readonly kept?: number
  /** Happenings that wait to be written. Default 1000. */
  readonly queued?: number
}

const DEFAULT_KEPT = 500
const DEFAULT_QUEUED = 1000

export function createEventRecorder(options: EventRecorderOptions): EventRecorder {
  const { client, logger, kept = DEFAULT_KEPT, now } = options
  const queue = createBoundedQueue<KubeEvent>(options.queued ?? DEFAULT_QUEUED)
  /** By what happened, oldest first. Undefined: those of a former run are not yet known. */
  let written: Map<string, KubeEvent> | undefined
  let lastMicros = 0
  let dropped = 0
  let writing: Promise<void> | undefined

  async function writeAll(): Promise<void> {
    for (let event = queue.take(); event !== undefined; event = queue.take()) {
      try {
        written ??= await readWritten(client)
        await write(event, written)
      } catch (error) {
        // The namespace may have gone in the meantime: then nobody asks.
        if (!failedWith(error, 'KISEKI_NOT_FOUND')) logger.warn('cannot write an event', errorFields(error))
      }
    }
    writing = undefined
  }

  async function write(event: KubeEvent, events: Map<string, KubeEvent>): Promise<void> {
    const key = keyOf(event)
    const before = events.get(key)
    events.delete(key)
    const after = before === undefined ? await client.create(EVENTS, event) : await countAgain(before, event)
    events.set(key, after)
    if (before === undefined) await removeOldest(events)
  }

  /** Who counts alone is not there any more: somebody removed it, and it begins anew. */
  async function countAgain(before: KubeEvent, { lastTimestamp, ...event }: KubeEvent): Promise<KubeEvent> {
    try {
      return await client.patch(EVENTS, before.metadata, { count: before.count + 1, lastTimestamp })
    } catch (error) {
      if (!failedWith(error, 'KISEKI_NOT_FOUND')) throw error
      return client.create(EVENTS, { ...event, lastTimestamp })
    }
  }

  async function removeOldest(events: Map<string, KubeEvent>): Promise<void> {
    for (const [key, oldest] of events) {
      if (events.size <= kept) return
      events.delete(key)
      await unlessAbsent(client.remove(EVENTS, oldest.metadata))
    }
  }

  return {
    record(object, happening) {
      // No two have the same time: their names, and with them their order, come from it.
      lastMicros = Math.max(lastMicros + 1, Math.floor(now()))
      if (queue.offer(eventOf(object, happening, lastMicros)) === 'full') {
        dropped++
        logger.warn('an event is dropped: too many wait', { reason: 'queue-full', dropped })
        return
      }
      writing ??= writeAll()
    },
    get dropped() {
      return dropped
    },
    async close() {
      await writing
    },
  }
}

/** What a former run told of, or others did. */
async function readWritten(client: KubeClient): Promise<Map<string, KubeEvent>> {
  const { items } = await client.list(EVENTS)
  const byTime = items.toSorted((one, other) => (one.lastTimestamp < other.lastTimestamp ? -1 : 1))
  return new Map(byTime.map(event => [keyOf(event), event]))
}

/** The same happening to the same object is counted in one event. */
function keyOf({ metadata, involvedObject, type, reason, message, source }: KubeEvent): string {
  const { uid, kind, name } = involvedObject
  return JSON.stringify([metadata.namespace, kind, name, uid, type, reason, message, source?.component])
}

/** Named as Kubernetes does: lists of events are in the order in which they first happened. */
function eventOf(object: KubeObject, happening: Happening, micros: number): KubeEvent {
  const { name, uid, namespace } = object.metadata
  const { type, reason, message, component } = happening
  const time = kubeTime(micros)
  const nanos = (BigInt(micros) * 1000n).toString(16)
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: `${name}.${nanos}`, namespace: namespace ?? 'default' },
    involvedObject: {
      apiVersion: object.apiVersion,
      kind: object.kind,
      name,
      ...(namespace === undefined ? {} : { namespace }),
      ...(uid === undefined ? {} : { uid }),
    },
    type,
    reason,
    message,
    source: { component },
    count: 1,
    firstTimestamp: time,
    lastTimestamp: time,
  }
}
