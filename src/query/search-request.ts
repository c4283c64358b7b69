import { messageOf } from '../model/errors.ts'
import type { TraceId } from '../model/ids.ts'
import { type Micros, micros } from '../model/micros.ts'
import type { AttributePredicate, TraceQuery } from '../storage/span-store.ts'
import {
  BadParameter,
  booleanParameter,
  durationParameter,
  limitParameter,
  microsParameter,
  textParameter,
} from './request-parameters.ts'
import { parseTraceIdText } from './trace-id-syntax.ts'

/** `GET /api/traces`, either a search or a lookup of several ids. */
export interface SearchRequest {
  readonly query: TraceQuery
  /** Not empty: these are wanted, whatever the query says. */
  readonly traceIds: readonly TraceId[]
  /** As stored, without the adjusters. */
  readonly raw: boolean
}

const DEFAULT_LIMIT = 100
const DEFAULT_LOOKBACK_MICROS = 2 * 24 * 3600 * 1e6

/**
 * Reads the parameters of Jaeger's classic search, and finds fault with them in its order and words. Other than
 * there, the service may be left out. `lookback` is ignored, as there: pages send it beside `start`.
 */
export function parseSearchRequest(parameters: URLSearchParams, now: Micros): SearchRequest {
  const start = microsParameter(parameters, 'start')
  const end = microsParameter(parameters, 'end') ?? now
  const raw = booleanParameter(parameters, 'raw')
  const attributes = parseTags(parameters)
  const limit = limitParameter(parameters, 'limit') ?? DEFAULT_LIMIT
  if (limit < 1 && !parameters.has('traceID')) throw new BadParameter('search depth must be greater than 0')
  const service = textParameter(parameters, 'service')
  const operation = textParameter(parameters, 'operation')
  const query: TraceQuery = {
    ...(service === undefined ? {} : { service }),
    ...(operation === undefined ? {} : { operation }),
    ...(attributes.length === 0 ? {} : { attributes }),
    ...parseDurations(parameters),
    range: { from: start ?? micros(end - DEFAULT_LOOKBACK_MICROS), to: end },
    limit,
  }
  return { query, traceIds: parseTraceIds(parameters), raw }
}

function parseDurations(parameters: URLSearchParams): Pick<TraceQuery, 'minDuration' | 'maxDuration'> {
  const least = durationParameter(parameters, 'minDuration')
  const greatest = durationParameter(parameters, 'maxDuration')
  if (least !== undefined && greatest !== undefined && greatest < least) {
    throw new BadParameter("'maxDuration' should be greater than 'minDuration'")
  }
  return {
    ...(least === undefined ? {} : { minDuration: micros(Math.ceil(least)) }),
    ...(greatest === undefined ? {} : { maxDuration: micros(greatest) }),
  }
}

/** `tag=key:value`, many times, and `tags={"key":"value"}`; of one key the last one counts. */
function parseTags(parameters: URLSearchParams): readonly AttributePredicate[] {
  const tags = new Map<string, string>()
  for (const tag of parameters.getAll('tag')) {
    const colon = tag.indexOf(':')
    if (colon < 0) throw new BadParameter(`malformed 'tag' parameter, expecting key:value, received: ${tag}`)
    tags.set(tag.slice(0, colon), tag.slice(colon + 1))
  }
  for (const text of parameters.getAll('tags')) {
    for (const [key, value] of parseTagObject(text)) tags.set(key, value)
  }
  return [...tags].map(([key, value]) => ({ key, value }))
}

function parseTagObject(text: string): readonly (readonly [key: string, value: string])[] {
  const malformed = (problem: string): BadParameter =>
    new BadParameter(`malformed 'tags' parameter, cannot unmarshal JSON: ${problem}`)
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch (error) {
    throw malformed(messageOf(error))
  }
  if (parsed === null) return []
  if (typeof parsed !== 'object' || Array.isArray(parsed)) throw malformed('it is no object')
  return Object.entries(parsed).map(([key, value]) => {
    if (typeof value !== 'string' && value !== null) throw malformed(`the value of ${key} is no string`)
    return [key, value ?? '']
  })
}

function parseTraceIds(parameters: URLSearchParams): readonly TraceId[] {
  return parameters.getAll('traceID').map(text => {
    const parsed = parseTraceIdText(text)
    if (parsed.status === 'read') return parsed.traceId
    throw new BadParameter(`cannot parse traceID param: ${parsed.message}`)
  })
}
