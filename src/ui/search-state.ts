import { type Micros, micros, type TimeRange } from '../model/micros.ts'
import type { Tags } from './logfmt.ts'
import { DEFAULT_LOOKBACK, type Lookback, lookbackRange, parseLookback } from './lookback.ts'

/** What the search page shows. Absent means any. */
export interface SearchState {
  readonly service?: string
  readonly operation?: string
  readonly tags: Tags
  readonly lookback: Lookback
  /** Both or none. Where they are, they say the range, and `lookback` is what they came from. */
  readonly range?: TimeRange
  readonly minDuration?: string
  readonly maxDuration?: string
  readonly limit: number
  /** Trace ids that are ticked for a comparison, in the order of ticking. */
  readonly cohort: readonly string[]
}

const DEFAULT_LIMIT = 20
export const MAX_LIMIT = 1500

export const EMPTY_SEARCH: SearchState = {
  tags: {},
  lookback: DEFAULT_LOOKBACK,
  limit: DEFAULT_LIMIT,
  cohort: [],
}

/** Reads what Jaeger's page writes, also in its older forms. Of a value given twice the first wins. */
export function readSearch(query: URLSearchParams): SearchState {
  const service = named(query, 'service', ['__all_services__'])
  const operation = named(query, 'operation', ['__all_operations__', 'all'])
  const range = readRange(query)
  const minDuration = named(query, 'minDuration')
  const maxDuration = named(query, 'maxDuration')
  return {
    ...(service === undefined ? {} : { service }),
    ...(operation === undefined ? {} : { operation }),
    tags: readTags(query),
    lookback: parseLookback(query.get('lookback') ?? '') ?? (range ? 'custom' : DEFAULT_LOOKBACK),
    ...(range === undefined ? {} : { range }),
    ...(minDuration === undefined ? {} : { minDuration }),
    ...(maxDuration === undefined ? {} : { maxDuration }),
    limit: readLimit(query.get('limit')),
    cohort: query.getAll('cohort'),
  }
}

/** Writes only what is not the default, except the lookback of a search with a range. */
export function writeSearch(search: SearchState): URLSearchParams {
  const query = new URLSearchParams()
  if (search.service !== undefined) query.set('service', search.service)
  if (search.operation !== undefined) query.set('operation', search.operation)
  if (Object.keys(search.tags).length > 0) query.set('tags', JSON.stringify(search.tags))
  if (search.range !== undefined || search.lookback !== DEFAULT_LOOKBACK)
    query.set('lookback', search.lookback)
  if (search.range !== undefined) {
    query.set('start', String(search.range.from))
    query.set('end', String(search.range.to))
  }
  if (search.minDuration !== undefined) query.set('minDuration', search.minDuration)
  if (search.maxDuration !== undefined) query.set('maxDuration', search.maxDuration)
  if (search.limit !== DEFAULT_LIMIT) query.set('limit', String(search.limit))
  for (const id of search.cohort) query.append('cohort', id)
  return query
}

export function rangeOf(search: SearchState, now: Micros): TimeRange {
  return search.range ?? lookbackRange(search.lookback, now)
}

function named(query: URLSearchParams, key: string, none: readonly string[] = []): string | undefined {
  const value = query.get(key)
  return value === null || value === '' || none.includes(value) ? undefined : value
}

function readRange(query: URLSearchParams): TimeRange | undefined {
  const from = readMicros(query.get('start'))
  const to = readMicros(query.get('end'))
  return from === undefined || to === undefined ? undefined : { from, to }
}

function readMicros(text: string | null): Micros | undefined {
  return text !== null && /^\d{1,16}$/.test(text) ? micros(Number(text)) : undefined
}

function readLimit(text: string | null): number {
  const limit = text !== null && /^\d+$/.test(text) ? Number(text) : 0
  return limit === 0 ? DEFAULT_LIMIT : Math.min(limit, MAX_LIMIT)
}

function readTags(query: URLSearchParams): Tags {
  const tags: Record<string, string> = {}
  for (const pair of query.getAll('tag')) {
    const colon = pair.indexOf(':')
    if (colon > 0) tags[pair.slice(0, colon)] = pair.slice(colon + 1)
  }
  return { ...tags, ...parseTags(query.get('tags')) }
}

function parseTags(text: string | null): Tags {
  try {
    const found: unknown = JSON.parse(text ?? '{}')
    if (typeof found !== 'object' || found === null || Array.isArray(found)) return {}
    return Object.fromEntries(Object.entries(found).map(([key, value]) => [key, String(value)]))
  } catch {
    return {}
  }
}
