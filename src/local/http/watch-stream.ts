import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises'
import { apiVersionOf } from '../../kube/resources.ts'
import type { KubeObject } from '../../model/kubernetes.ts'
import type { ObjectApi } from '../api/object-api.ts'
import type { ApiResource } from '../registry/api-resource.ts'
import type { Selection } from '../store/selection.ts'
import { asKubeFailure, failureStatus } from './status-answer.ts'

export interface WatchRequest {
  readonly resource: ApiResource
  readonly selection: Selection
  /** Where to go on; undefined: from now, after the objects that there are. */
  readonly resourceVersion: string | undefined
  /** The objects that there are come first, and then a bookmark that says so (KEP 3157). */
  readonly initialEvents: boolean
  readonly bookmarks: boolean
  /** Ends the watch: the client is gone, its time is up, or the server stops. */
  readonly signal: AbortSignal
  /** Of which kind bookmarks are. */
  readonly bookmarkForm: 'object' | 'metadata'
  /** An object as the client wants it; `first` of the stream. */
  readonly form: (object: KubeObject, first: boolean) => unknown
}

const BOOKMARK_MILLIS = 60_000

interface Line {
  readonly type: string
  readonly object: unknown
}

/** The lines of a watch: one JSON object each. A version that is too old is an `ERROR` line. */
export async function* watchLines(api: ObjectApi, request: WatchRequest): AsyncGenerator<string> {
  try {
    for await (const line of watchEvents(api, request)) yield `${JSON.stringify(line)}\n`
  } catch (error) {
    if (request.signal.aborted) return
    const failure = asKubeFailure(error)
    if (failure === undefined) throw error
    yield `${JSON.stringify({ type: 'ERROR', object: failureStatus(failure) })}\n`
  }
}

async function* watchEvents(api: ObjectApi, request: WatchRequest): AsyncGenerator<Line> {
  const { resource, selection, form, signal, bookmarks } = request
  let first = true
  const line = (type: string, object: KubeObject): Line => {
    const formed = form(object, first)
    first = false
    return { type, object: formed }
  }
  let from = request.resourceVersion
  if (from === undefined || request.initialEvents) {
    const { items, resourceVersion } = api.list(resource, selection)
    for (const item of items) yield line('ADDED', item)
    // Who does not take bookmarks does not wait for this one either.
    if (request.initialEvents && bookmarks) yield bookmark(request, resourceVersion, true)
    from = resourceVersion
  }
  const events = api.watch(resource, { ...selection, resourceVersion: from, signal })
  for await (const event of bookmarks
    ? withBookmarks(events, () => currentVersion(api, resource), signal)
    : events)
    yield 'version' in event ? bookmark(request, event.version) : line(event.type, event.object)
}

function currentVersion(api: ObjectApi, resource: ApiResource): string {
  return api.list(resource, { where: () => false }).resourceVersion
}

function bookmark(
  { resource, bookmarkForm }: WatchRequest,
  resourceVersion: string,
  initialEventsEnd = false,
): Line {
  const annotations = initialEventsEnd ? { annotations: { 'k8s.io/initial-events-end': 'true' } } : {}
  const metadata = { resourceVersion, creationTimestamp: null, ...annotations }
  const kind =
    bookmarkForm === 'metadata'
      ? { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1' }
      : { kind: resource.kind, apiVersion: apiVersionOf(resource) }
  return { type: 'BOOKMARK', object: { ...kind, metadata } }
}

interface Bookmark {
  readonly version: string
}

/** Events, and now and then the version up to which there was none for this watch. */
async function* withBookmarks<T>(
  events: AsyncIterable<T>,
  currentVersion: () => string,
  signal: AbortSignal,
): AsyncGenerator<T | Bookmark> {
  const iterator = events[Symbol.asyncIterator]()
  let next = iterator.next()
  while (!signal.aborted) {
    const quiet = await isQuiet(next, signal)
    if (!quiet) {
      const result = await next
      if (result.done) return
      yield result.value
      next = iterator.next()
      continue
    }
    const version = currentVersion()
    // An event of that version would have come by the next turn.
    await nextTurn()
    if (await isPending(next)) yield { version }
  }
}

/** Whether nothing came for as long as a bookmark may wait. */
async function isQuiet(next: Promise<unknown>, signal: AbortSignal): Promise<boolean> {
  const waiting = new AbortController()
  const until = AbortSignal.any([signal, waiting.signal])
  const quiet = delay(BOOKMARK_MILLIS, true, { signal: until, ref: false }).catch(() => false)
  try {
    return await Promise.race([quiet, next.then(() => false)])
  } finally {
    waiting.abort()
  }
}

async function isPending(promise: Promise<unknown>): Promise<boolean> {
  const pending = Symbol('pending')
  return (await Promise.race([promise, Promise.resolve(pending)])) === pending
}
