import { type ClientRequest, get as getPlain, type IncomingMessage } from 'node:http'
import { get as getSecure } from 'node:https'
import { finished } from 'node:stream/promises'
import { errorText } from './error-text.ts'
import { headerText, INTERESTING_HEADERS } from './header-text.ts'
import type { Journal } from './journal.ts'

/** What a GET came back with. Status 0: no answer came. */
export interface Visit {
  readonly status: number
  readonly identity: string
}

export interface VisitOptions {
  readonly headers: Readonly<Record<string, string>>
  readonly journal: Journal
  readonly stop: AbortSignal
}

const TIMEOUT_MS = 10_000
const MOST_REDIRECTS = 10

/** A kept connection that the other end closed meanwhile says nothing about the server: such a GET is asked anew. */
const wasStale = (request: ClientRequest, error: NodeJS.ErrnoException): boolean =>
  request.reusedSocket && error.code === 'ECONNRESET'

const answerFrom = (
  url: URL,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const get = url.protocol === 'https:' ? getSecure : getPlain
    const request = get(url, { headers, signal }, resolve)
    request.on('error', error =>
      wasStale(request, error) ? resolve(answerFrom(url, headers, signal)) : reject(error),
    )
  })

const follow = async (url: string, { headers, stop }: VisitOptions): Promise<IncomingMessage> => {
  const signal = AbortSignal.any([stop, AbortSignal.timeout(TIMEOUT_MS)])
  let at = new URL(url)
  for (let hops = 0; hops <= MOST_REDIRECTS; hops++) {
    const response = await answerFrom(at, headers, signal)
    response.resume()
    await finished(response)
    const { location } = response.headers
    const status = response.statusCode ?? 0
    if (status < 300 || status > 399 || location === undefined) return response
    at = new URL(location, at)
  }
  throw new Error(`stopped after ${MOST_REDIRECTS} redirects`)
}

const headerOf = (response: IncomingMessage, name: string): string => {
  const value = response.headers[name.toLowerCase()] ?? 'n/a'
  return Array.isArray(value) ? value.join(', ') : value
}

/** One GET, told to the journal line by line; a failure is told too and never thrown. */
export const visit = async (url: string, options: VisitOptions): Promise<Visit> => {
  const { journal, stop } = options
  journal.print(`\nFetching ${url}`)
  journal.print(`Request Headers: ${headerText(options.headers)}`)
  try {
    const response = await follow(url, options)
    for (const name of INTERESTING_HEADERS) journal.print(`${name}: ${headerOf(response, name)}`)
    journal.print(`Status: ${response.statusCode} ${response.statusMessage}`)
    return { status: response.statusCode ?? 0, identity: headerOf(response, 'Identity') }
  } catch (error) {
    if (!stop.aborted) journal.print(`Error fetching ${url}: ${errorText(error)}`)
    return { status: 0, identity: 'unknown' }
  }
}
