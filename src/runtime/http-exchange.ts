import type { IncomingHttpHeaders } from 'node:http'

/** A request as handlers see it: no socket, so that they can be tested without one. */
export interface HttpRequest {
  readonly method: string
  /** Decoded parts of the path that the route names with `:name`. */
  readonly params: Readonly<Record<string, string>>
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
  /** The address of who asks; empty when that is gone already. */
  readonly clientAddress: string
  /** Aborts when the client goes away. */
  readonly signal: AbortSignal
  /**
   * The whole body, at most `limit` bytes before and after decompression (`content-encoding` gzip, deflate
   * or none). `room` is asked before more of it is held, as it arrives; false ends with `no-room`. May be called once.
   */
  body(limit: number, room?: (moreBytes: number) => boolean): Promise<BodyOutcome>
}

export type BodyOutcome =
  | { readonly status: 'read'; readonly bytes: Uint8Array }
  | { readonly status: 'too-large'; readonly limit: number }
  | { readonly status: 'no-room' }
  | { readonly status: 'unsupported-encoding'; readonly encoding: string }
  | { readonly status: 'undecodable'; readonly message: string }
  /** The client went away in the middle. */
  | { readonly status: 'aborted' }

export interface HttpResponse {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  /** A string is sent as UTF-8; an iterable is streamed with back-pressure until it ends or the client goes. */
  readonly body?: string | Uint8Array | AsyncIterable<string | Uint8Array>
  /** Aborting it breaks a streamed body off and closes the connection, also when the reader takes nothing. */
  readonly signal?: AbortSignal
}

export type Handler = (request: HttpRequest) => HttpResponse | Promise<HttpResponse>

export interface Route {
  /** `*` stands for any method. HEAD is answered by the GET route. */
  readonly method: string
  /** `/api/traces/:id`; a last part `*` takes the rest of the path. */
  readonly path: string
  readonly handle: Handler
}

export function json(value: unknown, status = 200): HttpResponse {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) }
}

export function text(status: number, body: string): HttpResponse {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8' }, body }
}
