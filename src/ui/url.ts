import { type Lookback, parseLookback } from './lookback.ts'
import { readSearch, type SearchState, writeSearch } from './search-state.ts'

/** Where the reader is: everything that a page shows follows from it, and it is the address. */
export type Place =
  /** Where everybody comes in; it leads to the search. */
  | { readonly page: 'home' }
  | { readonly page: 'search'; readonly search: SearchState }
  | TracePlace
  | ComparePlace
  | DependenciesPlace
  | { readonly page: 'unknown'; readonly path: string }

export interface TracePlace {
  readonly page: 'trace'
  readonly id: string
  /** The span whose details are open. */
  readonly span?: string
}

export interface ComparePlace {
  readonly page: 'compare'
  /** Either side may be empty yet. */
  readonly a?: string
  readonly b?: string
  /** Trace ids that A and B can be chosen from. */
  readonly cohort: readonly string[]
}

export interface DependenciesPlace {
  readonly page: 'dependencies'
  readonly lookback: Lookback
  /** The service that is looked at. */
  readonly focus?: string
}

export const DEPENDENCIES_LOOKBACK: Lookback = '24h'

/** `path` is below the base path, not decoded; `query` is without `?`. */
export function readPlace(path: string, query: string): Place {
  const values = new URLSearchParams(query)
  const [page, rest, ...more] = path.split('/').filter(part => part !== '')
  if (page === undefined) return { page: 'home' }
  if (more.length > 0) return { page: 'unknown', path }
  if (page === 'trace' && rest !== undefined) return readTrace(rest, values)
  if (page === 'search' && rest === undefined) return { page: 'search', search: readSearch(values) }
  if (page === 'dependencies' && rest === undefined) return readDependencies(values)
  return { page: 'unknown', path }
}

/** The address of a place, below the base path. */
export function placeUrl(place: Place): string {
  switch (place.page) {
    case 'home':
      return '/'
    case 'search':
      return withQuery('/search', writeSearch(place.search))
    case 'trace':
      return withQuery(`/trace/${encodeURIComponent(place.id)}`, optional({ span: place.span }))
    case 'compare':
      return compareUrl(place)
    case 'dependencies': {
      const lookback = place.lookback === DEPENDENCIES_LOOKBACK ? undefined : place.lookback
      return withQuery('/dependencies', optional({ lookback, focus: place.focus }))
    }
    case 'unknown':
      return place.path
  }
}

function readTrace(rest: string, values: URLSearchParams): TracePlace | ComparePlace {
  const dots = rest.indexOf('...')
  if (dots < 0) {
    const span = values.get('span')
    return { page: 'trace', id: decode(rest), ...(span ? { span } : {}) }
  }
  const a = decode(rest.slice(0, dots))
  const b = decode(rest.slice(dots + 3))
  return {
    page: 'compare',
    ...(a === '' ? {} : { a }),
    ...(b === '' ? {} : { b }),
    cohort: values.getAll('cohort'),
  }
}

function readDependencies(values: URLSearchParams): DependenciesPlace {
  const lookback = parseLookback(values.get('lookback') ?? '')
  const focus = values.get('focus')
  return {
    page: 'dependencies',
    lookback: lookback === undefined || lookback === 'custom' ? DEPENDENCIES_LOOKBACK : lookback,
    ...(focus ? { focus } : {}),
  }
}

function compareUrl(place: ComparePlace): string {
  const sides = `${encodeURIComponent(place.a ?? '')}...${encodeURIComponent(place.b ?? '')}`
  return withQuery(`/trace/${sides}`, new URLSearchParams(place.cohort.map(id => ['cohort', id])))
}

function optional(values: Readonly<Record<string, string | undefined>>): URLSearchParams {
  const query = new URLSearchParams()
  for (const [key, value] of Object.entries(values)) if (value !== undefined) query.set(key, value)
  return query
}

function withQuery(path: string, query: URLSearchParams): string {
  return query.size > 0 ? `${path}?${query}` : path
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
