import { createHash } from 'node:crypto'
import type { KubeClient } from '../kube/client.ts'
import { failedWith } from '../kube/kube-errors.ts'
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
  const { client, logger, kept = DEFAULT_KEPT } = options
  const queue = createBoundedQueue<KubeEvent>(options.queued ?? DEFAULT_QUEUED)
  /** By name, oldest first. */
  const written = new Map<string, KubeEvent>()
  let dropped = 0
  let writing: Promise<void> | undefined

  async function writeAll(): Promise<void> {
    for (let event = queue.take(); event !== undefined; event = queue.take()) {
      try {
        await write(event)
      } catch (error) {
        // The namespace may have gone in the meantime: then nobody asks.
        if (!failedWith(error, 'KISEKI_NOT_FOUND')) logger.warn('cannot write an event', errorFields(error))
      }
    }
    writing = undefined
  }

  async function write(event: KubeEvent): Promise<void> {
    const key = `${event.metadata.namespace}/${event.metadata.name}`
    const before = written.get(key)
    written.delete(key)
    if (before === undefined) {
      written.set(key, await firstOf(event))
      return removeOldest()
    }
    await countAgain(key, before, event)
  }

  /** A former run may have told of the same. */
  async function firstOf(event: KubeEvent): Promise<KubeEvent> {
    try {
      return await client.create(EVENTS, event)
    } catch (error) {
      if (!failedWith(error, 'KISEKI_ALREADY_EXISTS')) throw error
      const { count } = await client.get(EVENTS, event.metadata)
      const { lastTimestamp } = event
      return client.patch(EVENTS, event.metadata, { count: count + 1, lastTimestamp })
    }
  }

  async function countAgain(key: string, before: KubeEvent, event: KubeEvent): Promise<void> {
    const again = { ...before, count: before.count + 1, lastTimestamp: event.lastTimestamp }
    written.set(key, again)
    await client.patch(EVENTS, event.metadata, { count: again.count, lastTimestamp: again.lastTimestamp })
  }

  async function removeOldest(): Promise<void> {
    for (const [key, oldest] of written) {
      if (written.size <= kept) return
      written.delete(key)
      await client.remove(EVENTS, oldest.metadata)
    }
  }

  return {
    record(object, happening) {
      if (queue.offer(eventOf(object, happening, kubeTime(options.now()))) === 'full') {
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

/** The same happening to the same object has the same name. */
function eventOf(object: KubeObject, happening: Happening, time: string): KubeEvent {
  const { name, uid, namespace } = object.metadata
  const { type, reason, message, component } = happening
  const digest = createHash('sha256').update(JSON.stringify([uid, type, reason, message, component]))
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: `${name}.${digest.digest('hex').slice(0, 16)}`, namespace: namespace ?? 'default' },
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
