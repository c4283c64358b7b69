import type { IncomingHttpHeaders } from 'node:http'

export const MOST_RETRIES = 5
/** Who is told to wait longer is told so. */
const MOST_WAIT_SECONDS = 30

/**
 * How many milliseconds to wait before asking again; undefined where asking again is not asked for, or not safe.
 * The header in seconds (RFC 9110 section 10.2.3); the API sends no dates.
 */
export function retryPause(
  method: string,
  answer: { readonly status: number; readonly headers: IncomingHttpHeaders },
): number | undefined {
  if (method !== 'GET' || (answer.status !== 429 && answer.status !== 503)) return undefined
  const header = answer.headers['retry-after'] ?? ''
  if (!/^\d{1,9}$/.test(header) || Number(header) > MOST_WAIT_SECONDS) return undefined
  return Number(header) * 1000
}
