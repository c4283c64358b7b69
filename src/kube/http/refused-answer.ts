import type { IncomingHttpHeaders } from 'node:http'
import { KisekiError } from '../../model/errors.ts'
import type { KubeEndpoint } from '../kube-endpoint.ts'
import { failureOf, genericFailure } from './status-answer.ts'
import { apiFailed, place } from './unreachable.ts'

export interface RefusedAnswer {
  readonly method: string
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

const SNIPPET_LENGTH = 200
/** Of a proxy or load balancer before the API. */
const GATEWAY_STATUSES: readonly number[] = [502, 503, 504]
/** What an API server itself answers in plain text, without a `Status`: before it knows what was asked. */
const PLAIN_STATUSES: readonly number[] = [401, 403, 429]

/** An answer that is no success, as an error: that of the `Status`, or that somebody else answers. */
export function refusedAnswer(endpoint: KubeEndpoint, answer: RefusedAnswer): KisekiError {
  const { status, headers, method } = answer
  const remedy = `The credentials are those of ${endpoint.source}. See that they are valid and allow it.`
  const failure = failureOf(parseJson(answer.text), status, remedy)
  if (failure !== undefined) return failure
  if (status >= 300 && status < 400) {
    return apiFailed(endpoint, `redirects to ${headers.location ?? 'elsewhere'}, which is not followed`)
  }
  const plain = /^(text\/plain|$)/i.test(headers['content-type'] ?? '')
  const noSuchPath = status === 404 && answer.text.startsWith('404 page not found')
  if (plain && (noSuchPath || PLAIN_STATUSES.includes(status))) return genericFailure(status, method, remedy)
  const said = snippet(answer.text)
  if (GATEWAY_STATUSES.includes(status)) {
    const message = `the Kubernetes API ${place(endpoint)} is not there behind what answers: HTTP ${status} ${said}`
    return new KisekiError('KISEKI_API_UNREACHABLE', message)
  }
  return apiFailed(endpoint, `answers HTTP ${status}, and not as a Kubernetes API does: ${said}`)
}

/** The beginning of a text, on one line. */
export function snippet(text: string): string {
  const line = text.replace(/[\s\p{Cc}]+/gu, ' ').trim()
  return line.length > SNIPPET_LENGTH ? `"${line.slice(0, SNIPPET_LENGTH)}…"` : `"${line}"`
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
