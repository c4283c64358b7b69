import type { QueryStrings, SpanNaming } from '../../model/mesh-config.ts'
import { ADDRESS_PATTERN, ENDPOINT_PATTERN, FRACTION_PATTERN, LOG_LEVELS, MOST_SECONDS } from './patterns.ts'
import type { Check } from './section.ts'

const ADDRESS = new RegExp(ADDRESS_PATTERN)
const ENDPOINT = new RegExp(ENDPOINT_PATTERN)
const FRACTION = new RegExp(FRACTION_PATTERN)

export const checkBoolean: Check<boolean> = value =>
  typeof value === 'boolean' ? { value } : { problem: 'must be true or false, without quotes' }

export const checkPort: Check<number> = value =>
  isWhole(value, 1, 65_535)
    ? { value }
    : { problem: 'must be a whole number from 1 to 65535, without quotes' }

export const checkSeconds: Check<number> = value =>
  isWhole(value, 1, MOST_SECONDS)
    ? { value }
    : { problem: `must be a whole number of seconds from 1 to ${MOST_SECONDS}, without quotes` }

export const checkLogLevel: Check<string> = value =>
  typeof value === 'string' && LOG_LEVELS.includes(value)
    ? { value }
    : { problem: `must be one of ${LOG_LEVELS.join(', ')}` }

/** Empty means the default, as in osm-edge. */
export const checkAddress: Check<string> = value =>
  typeof value === 'string' && ADDRESS.test(value)
    ? { value }
    : {
        problem:
          'must be a host name or an IP address alone (the port goes to `port`, the path to `endpoint`, there is no scheme)',
      }

/** Empty means the default, as in osm-edge. */
export const checkEndpoint =
  (fallback: string): Check<string> =>
  value => {
    if (value === '') return { value: fallback }
    return typeof value === 'string' && ENDPOINT.test(value)
      ? { value }
      : { problem: 'must be a path that begins with "/" and has no blanks, like "/api/v2/spans"' }
  }

/** Empty means the default, as in osm-edge. A number becomes text. */
export const checkFraction =
  (fallback: string): Check<string> =>
  value => {
    if (value === '') return { value: fallback }
    const text = typeof value === 'number' ? String(value) : value
    return typeof text === 'string' && FRACTION.test(text) && Number(text) <= 1
      ? { value: text }
      : { problem: 'must be a decimal from "0" (no trace) to "1.0" (every trace), like "0.1"' }
  }

export const checkSpanName: Check<SpanNaming> = value =>
  value === 'path' || value === 'host' ? { value } : { problem: 'must be "path" or "host"' }

export const checkQueryStrings: Check<QueryStrings> = value =>
  value === 'keep' || value === 'redact' || value === 'drop'
    ? { value }
    : { problem: 'must be "keep", "redact" (the values) or "drop"' }

function isWhole(value: unknown, least: number, most: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most
}
