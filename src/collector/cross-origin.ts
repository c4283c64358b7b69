import type { IncomingHttpHeaders } from 'node:http'
import type { Handler, HttpRequest, HttpResponse } from '../runtime/http-exchange.ts'

export interface CrossOriginOptions {
  /** `*` stands for any; none at all: pages of other origins cannot send. */
  readonly origins: readonly string[]
  /** What such a page may set; `*` stands for any. */
  readonly headers: readonly string[]
}

export interface CrossOrigin {
  /** Answers what a browser asks before it sends (fetch.spec.whatwg.org, CORS protocol). */
  preflight(request: HttpRequest): HttpResponse
  /** For every other response. */
  headers(request: HttpRequest): Readonly<Record<string, string>>
}

const METHODS = 'GET, POST'
const MAX_AGE_SECONDS = '7200'

export function createCrossOrigin(options: CrossOriginOptions): CrossOrigin {
  const allowsAny = options.origins.includes('*')

  function allowed(headers: IncomingHttpHeaders): Readonly<Record<string, string>> | undefined {
    const origin = headers.origin
    if (origin === undefined) return undefined
    if (allowsAny) return { 'access-control-allow-origin': '*' }
    if (!options.origins.includes(origin)) return undefined
    return { 'access-control-allow-origin': origin, vary: 'origin' }
  }

  return {
    headers: request => allowed(request.headers) ?? {},
    preflight(request) {
      const headers = allowed(request.headers)
      const wanted = request.headers['access-control-request-method']
      if (headers === undefined || wanted === undefined) return { status: 403 }
      return {
        status: 200,
        headers: {
          ...headers,
          'access-control-allow-methods': METHODS,
          'access-control-allow-headers': options.headers.join(', '),
          'access-control-max-age': MAX_AGE_SECONDS,
        },
      }
    },
  }
}

/** Answers as `answer` does, with the headers that let a page of another origin see it. */
export function openTo(crossOrigin: CrossOrigin, answer: Handler): Handler {
  return async request => {
    const response = await answer(request)
    return { ...response, headers: { ...response.headers, ...crossOrigin.headers(request) } }
  }
}
