import { KisekiError } from '../model/errors.ts'
import type { TimeRange } from '../model/micros.ts'
import type { JaegerDependency, JaegerTrace } from '../wire/jaeger-shapes.ts'
import { type Fetch, getJson, NOT_FOUND_REMEDY } from './get-json.ts'
import { parseDependencies, parseNames, parseTraces } from './jaeger-parse.ts'

export interface QueryServiceOptions {
  /** Where the query service's pages are: `api/…` is resolved against it. */
  readonly baseUrl: string | URL
  readonly fetch?: Fetch
}

export interface CallOptions {
  readonly signal?: AbortSignal
}

/** What to find. Everything that is named must hold for one span of a trace. */
export interface TraceSearch {
  /** Absent: any service. */
  readonly service?: string
  readonly operation?: string
  readonly tags?: Readonly<Record<string, string>>
  readonly range: TimeRange
  /** As Go writes durations: `1.2s`, `100ms`, `500us`. */
  readonly minDuration?: string
  readonly maxDuration?: string
  readonly limit: number
}

/**
 * Calls the query service by Jaeger's classic API. Every promise rejects with a `KisekiError` that carries the
 * server's own message, except after an abort: then with the reason of the signal.
 */
export interface QueryServiceClient {
  /** Sorted as the server sorts. */
  services(options?: CallOptions): Promise<readonly string[]>
  operations(service: string, options?: CallOptions): Promise<readonly string[]>
  /** Complete traces, newest match first. */
  findTraces(search: TraceSearch, options?: CallOptions): Promise<readonly JaegerTrace[]>
  /** Rejects with `KISEKI_NOT_FOUND` where the trace is unknown. */
  getTrace(id: string, options?: CallOptions): Promise<JaegerTrace>
  dependencies(range: TimeRange, options?: CallOptions): Promise<readonly JaegerDependency[]>
}

export function createQueryClient(options: QueryServiceOptions): QueryServiceClient {
  const base = new URL(options.baseUrl)
  if (!base.pathname.endsWith('/')) base.pathname += '/'
  // A browser's fetch must not be called as somebody's method.
  const fetch: Fetch = options.fetch ?? ((url, init) => globalThis.fetch(url, init))
  const get = (path: string, call: CallOptions | undefined): Promise<unknown> =>
    getJson({ url: new URL(path, base), fetch, signal: call?.signal })

  return {
    services: async call => parseNames(await get('api/services', call)),
    operations: async (service, call) =>
      parseNames(await get(`api/services/${encodeURIComponent(service)}/operations`, call)),
    findTraces: async (search, call) =>
      parseTraces(await get(`api/traces?${searchParameters(search)}`, call)),
    getTrace: async (id, call) => only(parseTraces(await get(`api/traces/${encodeURIComponent(id)}`, call))),
    dependencies: async (range, call) =>
      parseDependencies(await get(`api/dependencies?${dependencyParameters(range)}`, call)),
  }
}

function searchParameters(search: TraceSearch): URLSearchParams {
  const parameters = new URLSearchParams()
  if (search.service !== undefined) parameters.set('service', search.service)
  if (search.operation !== undefined) parameters.set('operation', search.operation)
  parameters.set('start', String(search.range.from))
  parameters.set('end', String(search.range.to))
  parameters.set('limit', String(search.limit))
  const tags = search.tags ?? {}
  if (Object.keys(tags).length > 0) parameters.set('tags', JSON.stringify(tags))
  if (search.minDuration !== undefined) parameters.set('minDuration', search.minDuration)
  if (search.maxDuration !== undefined) parameters.set('maxDuration', search.maxDuration)
  return parameters
}

function dependencyParameters(range: TimeRange): URLSearchParams {
  const endMillis = Math.ceil(range.to / 1000)
  const lookbackMillis = endMillis - Math.floor(range.from / 1000)
  return new URLSearchParams({ endTs: String(endMillis), lookback: String(lookbackMillis) })
}

function only(traces: readonly JaegerTrace[]): JaegerTrace {
  const [trace] = traces
  if (trace === undefined) {
    throw new KisekiError('KISEKI_NOT_FOUND', 'trace not found', { remedy: NOT_FOUND_REMEDY })
  }
  return trace
}
