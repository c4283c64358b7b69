import type { IncomingHttpHeaders } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { KisekiError } from '../../model/errors.ts'
import { readBody } from '../../runtime/http-body.ts'
import type { KubeCredentials, KubeEndpoint } from '../kube-endpoint.ts'
import { type Deadline, startDeadline } from './deadline.ts'
import { type Connections, createConnections, type ExchangeState } from './exchange.ts'
import { DEFAULT_NAME, DEFAULT_TIMEOUT_MILLIS, type KubeHttpOptions } from './http-options.ts'
import { type OpenAnswer, openAnswer } from './open-answer.ts'
import { refusedAnswer, snippet } from './refused-answer.ts'
import { MOST_RETRIES, retryPause } from './retry.ts'
import { apiFailed, codeOf, place, unreachable } from './unreachable.ts'
import { warningsOf } from './warnings.ts'

export interface ApiRequest {
  readonly method: string
  /** Encoded; without query. */
  readonly path: string
  readonly query?: Readonly<Record<string, string | undefined>>
  /** Beyond those that every request has. */
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Uint8Array
  /** Aborting it rejects with its reason. */
  readonly signal?: AbortSignal
  /** Absent: that of all requests. `none`: however long it takes. */
  readonly timeoutMillis?: number | 'none'
  /** The first answer counts: it may not be the API's, which asks for patience or for other credentials. */
  readonly once?: boolean
}

const MOST_ANSWER_BYTES = 256 * 1024 * 1024
const NEVER = new AbortController().signal

/**
 * Requests to one Kubernetes API: with credentials, which are renewed once when they are refused (401), and patient
 * where the server asks for that (429, 503 with Retry-After), as far as the request changes nothing.
 *
 * Errors are `KISEKI_API_UNREACHABLE`, `KISEKI_API_FAILED`, `KISEKI_TIMEOUT`, or the `KubeFailure` of the answer.
 */
export class KubeTransport {
  readonly endpoint: KubeEndpoint
  readonly #options: KubeHttpOptions
  readonly #connections: Connections
  readonly #closing = new AbortController()

  constructor(endpoint: KubeEndpoint, options: KubeHttpOptions) {
    this.endpoint = endpoint
    this.#options = options
    this.#connections = createConnections(endpoint)
  }

  /** The JSON of an answer that is a success. */
  async json(request: ApiRequest): Promise<unknown> {
    const answer = await this.open(request)
    const text = await this.#text(answer, request)
    try {
      return JSON.parse(text)
    } catch (error) {
      throw apiFailed(this.endpoint, `answers what is no JSON: ${snippet(text)}`, error)
    }
  }

  /** An answer that is a success and streams: from here on it may take its time. */
  async stream(request: ApiRequest): Promise<OpenAnswer> {
    // What is compressed would be held back until a block is full.
    const headers = { ...request.headers, 'accept-encoding': 'identity' }
    const answer = await this.open({ ...request, headers })
    if (answer.status === 200) {
      answer.takeTime()
      return answer
    }
    const text = await this.#text(answer, request)
    throw apiFailed(
      this.endpoint,
      `answers HTTP ${answer.status} to a request for a stream: ${snippet(text)}`,
    )
  }

  /** The whole body of an answer, at most so many bytes of it. */
  async bytes(answer: OpenAnswer, limit: number = MOST_ANSWER_BYTES): Promise<Uint8Array> {
    try {
      const body = await readBody(answer.message, limit)
      if (body.status === 'read') return body.bytes
      if (body.status === 'aborted') {
        throw answer.failure(new Error('the connection broke in the middle of the answer'))
      }
      throw apiFailed(this.endpoint, `answers more than ${limit} bytes, or in an encoding unasked for`)
    } finally {
      answer.release()
    }
  }

  /** The head of an answer, whatever it is. */
  async open(request: ApiRequest): Promise<OpenAnswer> {
    const signal = AbortSignal.any([request.signal ?? NEVER, this.#closing.signal])
    for (let retries = 0; ; retries++) {
      const answer = await this.#authenticated(request, signal)
      this.#warn(answer.headers)
      const pause = retries < MOST_RETRIES && !request.once ? retryPause(request.method, answer) : undefined
      if (pause === undefined) return answer
      answer.release()
      const { status } = answer
      this.#options.logger?.debug('the Kubernetes API asks to try again later', { status, pause })
      try {
        await (this.#options.wait ?? waitFor)(pause, signal)
      } catch (error) {
        throw this.#failure(error, request)
      }
    }
  }

  /** Breaks off all that goes on, as if aborted. */
  async close(): Promise<void> {
    this.#closing.abort()
    await this.#connections.close()
  }

  get closed(): boolean {
    return this.#closing.signal.aborted
  }

  async #text(answer: OpenAnswer, request: ApiRequest): Promise<string> {
    const bytes = await this.bytes(answer)
    const { status, headers } = answer
    if (status < 200 || status > 299) {
      const text = new TextDecoder().decode(bytes)
      throw refusedAnswer(this.endpoint, { method: request.method, status, headers, text })
    }
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    } catch (error) {
      throw apiFailed(this.endpoint, 'answers what is no text', error)
    }
  }

  async #authenticated(request: ApiRequest, signal: AbortSignal): Promise<OpenAnswer> {
    const credentials = await this.endpoint.credentials()
    const answer = await this.#send(request, credentials, signal)
    if (answer.status !== 401 || request.once) return answer
    let renewed: KubeCredentials
    try {
      renewed = await this.endpoint.credentials({ renew: true })
    } catch (error) {
      answer.release()
      throw error
    }
    // There is no sense in being refused twice for the same.
    if (isDeepStrictEqual(renewed, credentials)) return answer
    answer.release()
    return this.#send(request, renewed, signal)
  }

  async #send(request: ApiRequest, credentials: KubeCredentials, signal: AbortSignal): Promise<OpenAnswer> {
    const timeout = request.timeoutMillis ?? this.#options.requestTimeoutMillis ?? DEFAULT_TIMEOUT_MILLIS
    const deadline = startDeadline(timeout === 'none' ? undefined : timeout)
    const state: ExchangeState = { connected: false, reused: false }
    const failure = (thrown: unknown) => this.#failure(thrown, request, { deadline, state })
    const send = () =>
      this.#connections.exchange(
        {
          method: request.method,
          path: `${request.path}${queryOf(request.query)}`,
          headers: { ...this.#headers(), ...request.headers },
          body: request.body,
          credentials,
          signal: AbortSignal.any([signal, deadline.signal]),
        },
        state,
      )
    try {
      if (signal.aborted) throw signal.reason
      const message = await send().catch(error => {
        if (!hungUp(error, request, state)) throw error
        return send()
      })
      return openAnswer(message, deadline, failure)
    } catch (error) {
      deadline.clear()
      throw failure(error)
    }
  }

  #failure(
    thrown: unknown,
    request: ApiRequest,
    attempt?: { readonly deadline: Deadline; readonly state: ExchangeState },
  ): unknown {
    if (request.signal?.aborted) return request.signal.reason
    if (this.closed) {
      return new KisekiError('KISEKI_API_UNREACHABLE', `the client of the Kubernetes API was closed`)
    }
    if (!attempt?.deadline.expired) return unreachable(this.endpoint, thrown)
    const within = `within ${(attempt.deadline.millis ?? 0) / 1000} seconds`
    if (!attempt.state.connected) return unreachable(this.endpoint, new Error(`no connection ${within}`))
    const what = `${request.method} ${request.path}`
    return new KisekiError(
      'KISEKI_TIMEOUT',
      `the Kubernetes API ${place(this.endpoint)} did not answer ${what} ${within}`,
    )
  }

  #headers(): Readonly<Record<string, string>> {
    return {
      accept: 'application/json',
      'accept-encoding': 'gzip',
      'user-agent': this.#options.userAgent ?? DEFAULT_NAME,
    }
  }

  #warn(headers: IncomingHttpHeaders): void {
    for (const warning of warningsOf(headers)) this.#options.logger?.warn(warning)
  }
}

/** A kept connection that the server closed just as it was used. Only what changes nothing may be sent twice. */
function hungUp(thrown: unknown, { method }: ApiRequest, { reused }: ExchangeState): boolean {
  return method === 'GET' && reused && ['ECONNRESET', 'EPIPE'].includes(codeOf(thrown))
}

function queryOf(query: ApiRequest['query'] = {}): string {
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) if (value !== undefined) parameters.append(name, value)
  return parameters.size === 0 ? '' : `?${parameters}`
}

async function waitFor(millis: number, signal: AbortSignal): Promise<void> {
  await sleep(millis, undefined, { signal })
}
