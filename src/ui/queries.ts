import {
  type UseQueryOptions,
  type UseQueryResult,
  useQueries,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query'
import { useMemo } from 'react'
import type { QueryServiceClient, TraceSearch } from '../client/query-client.ts'
import { microsFromMillis } from '../model/micros.ts'
import type { JaegerDependency, JaegerTrace } from '../wire/jaeger-shapes.ts'
import { useEnvironment } from './environment.ts'
import { type Lookback, lookbackRange } from './lookback.ts'

/** How often the page looks again while no service is known. */
const WAITING_MILLIS = 2000

/** What a page needs of a query to show it. */
export interface Answer<T> {
  readonly data: T | undefined
  /** Also while an unreachable server is asked again. */
  readonly error: Error | null
  readonly refetch: () => unknown
}

function answer<T>({ data, error, failureReason, refetch }: UseQueryResult<T>): Answer<T> {
  return { data, error: error ?? failureReason, refetch }
}

export function useServices(): Answer<readonly string[]> {
  const { client } = useEnvironment()
  return answer(
    useQuery({
      queryKey: ['services'],
      queryFn: ({ signal }) => client.services({ signal }),
      refetchInterval: query => (query.state.data?.length === 0 ? WAITING_MILLIS : false),
    }),
  )
}

/** Asks nothing while no service is chosen. */
export function useOperations(service: string | undefined): Answer<readonly string[]> {
  const { client } = useEnvironment()
  return answer(
    useQuery({
      queryKey: ['operations', service],
      queryFn: ({ signal }) => client.operations(service ?? '', { signal }),
      enabled: service !== undefined,
    }),
  )
}

/** The trace pages open with what is found at once. */
export function useFoundTraces(search: TraceSearch): Answer<readonly JaegerTrace[]> {
  const { client } = useEnvironment()
  const cache = useQueryClient()
  return answer(
    useQuery({
      queryKey: ['traces', search],
      queryFn: async ({ signal }) => {
        const found = await client.findTraces(search, { signal })
        for (const trace of found) cache.setQueryData(traceKey(trace.traceID), trace)
        return found
      },
      structuralSharing: false,
      staleTime: Number.POSITIVE_INFINITY,
    }),
  )
}

export function useTrace(id: string): Answer<JaegerTrace> {
  const { client } = useEnvironment()
  return answer(useQuery(traceOptions(client, id)))
}

export interface LoadedTrace {
  readonly id: string
  readonly data: JaegerTrace | undefined
  readonly error: Error | null
}

/** In the order of the ids; the list is the same as long as nothing in it changes. */
export function useTraces(ids: readonly string[]): readonly LoadedTrace[] {
  const { client } = useEnvironment()
  const loaded = useQueries({ queries: ids.map(id => traceOptions(client, id)), combine: outcomes })
  return useMemo(
    () => ids.map((id, place) => ({ id, data: loaded[place]?.data, error: loaded[place]?.error ?? null })),
    [ids, loaded],
  )
}

type Outcome = Pick<UseQueryResult<JaegerTrace>, 'data' | 'error'>

function outcomes(results: readonly UseQueryResult<JaegerTrace>[]): readonly Outcome[] {
  return results.map(({ data, error, failureReason }) => ({ data, error: error ?? failureReason }))
}

/** Exporters send once a second and may try again: so long after its last span a trace may still grow. */
const GROWING_MILLIS = 15_000
const GROWING_LOOK_MILLIS = 2000

function mayGrow(trace: JaegerTrace | undefined): boolean {
  const ends = trace?.spans.map(span => span.startTime + span.duration) ?? []
  return ends.some(end => end / 1000 > Date.now() - GROWING_MILLIS)
}

/** What may still grow is looked at again until it no longer may; other traces when they are asked for anew. */
function traceOptions(client: QueryServiceClient, id: string): UseQueryOptions<JaegerTrace> {
  return {
    queryKey: traceKey(id),
    queryFn: ({ signal }) => client.getTrace(id, { signal }),
    // Comparing an old trace with the new one, deeply, costs more than drawing it.
    structuralSharing: false,
    staleTime: query => (mayGrow(query.state.data) ? 0 : 5000),
    refetchInterval: query => (mayGrow(query.state.data) ? GROWING_LOOK_MILLIS : false),
  }
}

/** Asks nothing while nothing can be there. */
export function useDependencies(lookback: Lookback, enabled: boolean): Answer<readonly JaegerDependency[]> {
  const { client } = useEnvironment()
  return answer(
    useQuery({
      queryKey: ['dependencies', lookback],
      queryFn: ({ signal }) =>
        client.dependencies(lookbackRange(lookback, microsFromMillis(Date.now())), { signal }),
      enabled,
      refetchInterval: query => (query.state.data?.length === 0 ? WAITING_MILLIS : false),
    }),
  )
}

function traceKey(id: string): readonly unknown[] {
  return ['trace', id]
}
