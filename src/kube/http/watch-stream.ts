import { isUtf8 } from 'node:buffer'
import type { KisekiError } from '../../model/errors.ts'
import { isJsonObject } from '../../model/json.ts'
import type { KubeObject } from '../../model/kubernetes.ts'
import type { WatchEvent, WatchOptions } from '../client.ts'
import type { Resource } from '../resources.ts'
import { answeredObject } from './answered-object.ts'
import { collectionPath } from './api-path.ts'
import { startDeadline } from './deadline.ts'
import type { KubeTransport } from './kube-transport.ts'
import { LongLineError, readLines } from './lines.ts'
import type { OpenAnswer } from './open-answer.ts'
import { selectionQuery } from './paged-list.ts'
import { snippet } from './refused-answer.ts'
import { failureOf } from './status-answer.ts'
import { apiFailed } from './unreachable.ts'

/** Objects have at most 1.5 MiB in etcd, as protobuf or JSON; both an event's and some room. */
const MOST_LINE_BYTES = 16 * 1024 * 1024
/** A server that forgets to end a watch is helped out. */
const OVERDUE_MILLIS = 30_000

export interface WatchStream<T extends KubeObject> extends WatchOptions {
  readonly resource: Resource<T>
  /** After which the server ends it. */
  readonly seconds: number
}

/**
 * One watch request (kubernetes.io/docs/reference/using-api/api-concepts, "Efficient detection of changes"): a JSON
 * object a line. A connection that breaks is an end like that of the server: nothing is lost, for the next watch
 * goes on from the last version, or is told that it cannot.
 */
export async function* watchStream<T extends KubeObject>(
  transport: KubeTransport,
  watch: WatchStream<T>,
): AsyncGenerator<WatchEvent<T>> {
  const { signal } = watch
  if (signal.aborted) return
  let answer: OpenAnswer
  try {
    answer = await openWatch(transport, watch)
  } catch (error) {
    if (signal.aborted || transport.closed) return
    throw error
  }
  const overdue = startDeadline(watch.seconds * 1000 + OVERDUE_MILLIS)
  overdue.signal.addEventListener('abort', () => answer.release(), { once: true })
  try {
    for await (const line of linesOf(transport, answer)) {
      const event = readEvent(transport, watch, line)
      if (signal.aborted) return
      if (event !== undefined) yield event
      if (signal.aborted) return
    }
  } finally {
    overdue.clear()
    answer.release()
  }
}

function openWatch<T extends KubeObject>(
  transport: KubeTransport,
  watch: WatchStream<T>,
): Promise<OpenAnswer> {
  const { resource, resourceVersion, namespace, signal } = watch
  return transport.stream({
    method: 'GET',
    path: collectionPath(resource, namespace),
    query: {
      ...selectionQuery(watch),
      watch: 'true',
      allowWatchBookmarks: 'true',
      timeoutSeconds: String(watch.seconds),
      resourceVersion: resourceVersion === '' ? undefined : resourceVersion,
    },
    signal,
  })
}

/** Ends where the connection does, however that came. */
async function* linesOf(transport: KubeTransport, answer: OpenAnswer): AsyncGenerator<Uint8Array> {
  const lines = readLines(answer.message, { mostBytes: MOST_LINE_BYTES, longer: 'refuse' })
  for (;;) {
    let next: IteratorResult<Uint8Array>
    try {
      next = await lines.next()
    } catch (error) {
      if (error instanceof LongLineError) throw apiFailed(transport.endpoint, error.message, error)
      return
    }
    if (next.done) return
    yield next.value
  }
}

function readEvent<T extends KubeObject>(
  transport: KubeTransport,
  watch: WatchStream<T>,
  line: Uint8Array,
): WatchEvent<T> | undefined {
  const text = new TextDecoder().decode(line)
  if (text.trim() === '') return undefined
  const event = isUtf8(line) ? parseEvent(text) : undefined
  if (event === undefined) throw malformed(transport, text)
  const { type } = event
  if (type === 'ERROR') throw failureOf(event.object, 500) ?? malformed(transport, text)
  if (type === 'BOOKMARK') {
    const version = bookmarkVersion(event.object)
    if (version !== undefined) watch.onBookmark?.(version)
    return undefined
  }
  if (type !== 'ADDED' && type !== 'MODIFIED' && type !== 'DELETED') throw malformed(transport, text)
  const object = answeredObject(watch.resource, event.object)
  if (object === undefined) throw malformed(transport, text)
  return { type, object }
}

function parseEvent(text: string): { readonly type: unknown; readonly object: unknown } | undefined {
  try {
    const event: unknown = JSON.parse(text)
    return isJsonObject(event) ? { type: event['type'], object: event['object'] } : undefined
  } catch {
    return undefined
  }
}

/** All that a bookmark says. */
function bookmarkVersion(object: unknown): string | undefined {
  if (!isJsonObject(object) || !isJsonObject(object['metadata'])) return undefined
  const version = object['metadata']['resourceVersion']
  return typeof version === 'string' && version !== '' ? version : undefined
}

function malformed(transport: KubeTransport, text: string): KisekiError {
  return apiFailed(transport.endpoint, `sends what is no event of a watch: ${snippet(text)}`)
}
