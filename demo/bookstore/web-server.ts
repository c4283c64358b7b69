import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Listening } from './environment.ts'
import { errorText } from './error-text.ts'
import type { Journal } from './journal.ts'

export interface Asked {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  /** The whole body as text; rejects when it is larger than 64 KiB. */
  readonly body: () => Promise<string>
}

export interface Answer {
  readonly status?: number
  readonly type: 'text/html' | 'application/json' | 'text/plain'
  readonly headers?: Readonly<Record<string, string>>
  readonly body: string
}

/** Keys are `GET /path`; the path is exact and has no query. */
export type Routes = Readonly<Record<string, (asked: Asked) => Answer | Promise<Answer>>>

export interface WebServerOptions {
  readonly listening: Listening
  readonly routes: Routes
  readonly journal: Journal
  readonly stop: AbortSignal
}

export interface WebServer {
  readonly port: number
  /** Resolves once `stop` was aborted and the last exchange is over. */
  readonly closed: Promise<void>
}

const BODY_LIMIT_BYTES = 64 * 1024

/** Longer than what keeps the other end's pooled connections alive, so that this end never closes under a request. */
const KEEP_ALIVE_MS = 65_000

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    size += chunk.length
    if (size > BODY_LIMIT_BYTES) throw new Error(`the request body exceeds ${BODY_LIMIT_BYTES} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

const refusal = (routes: Routes, path: string): Answer => {
  const known = Object.keys(routes).some(key => key.endsWith(` ${path}`))
  return known
    ? { status: 405, type: 'text/plain', body: 'method not allowed\n' }
    : { status: 404, type: 'text/plain', body: 'page not found\n' }
}

const answerTo = async (request: IncomingMessage, { routes, journal }: WebServerOptions): Promise<Answer> => {
  const path = request.url?.split('?', 1)[0] ?? '/'
  const route = routes[`${request.method} ${path}`]
  if (route === undefined) return refusal(routes, path)
  try {
    return await route({ path, headers: request.headers, body: () => bodyOf(request) })
  } catch (error) {
    journal.error(`${request.method} ${path}: ${errorText(error)}`)
    return { status: 500, type: 'text/plain', body: `${errorText(error)}\n` }
  }
}

const send = (response: ServerResponse, answer: Answer, last: boolean): void => {
  response.writeHead(answer.status ?? 200, {
    'content-type': `${answer.type}; charset=utf-8`,
    'content-length': Buffer.byteLength(answer.body),
    ...(last && { connection: 'close' }),
    ...answer.headers,
  })
  response.end(answer.body)
}

const exchange = async (
  request: IncomingMessage,
  response: ServerResponse,
  options: WebServerOptions,
): Promise<void> => {
  try {
    send(response, await answerTo(request, options), options.stop.aborted)
  } catch (error) {
    // Such as an identity that no header can carry.
    options.journal.error(`${request.method} ${request.url}: ${errorText(error)}`)
    response.destroy()
  }
}

/** Resolves when it listens; rejects when the address is taken. */
export const openWebServer = async (options: WebServerOptions): Promise<WebServer> => {
  const { listening, stop } = options
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
    void exchange(request, response, options)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', error =>
      reject(new Error(`Failed to start HTTP server on port ${listening.port}: ${error.message}`)),
    )
    server.listen({ port: listening.port, host: listening.host }, resolve)
  })
  const closed = new Promise<void>(resolve => server.once('close', resolve))
  const close = (): void => void server.close()
  if (stop.aborted) close()
  else stop.addEventListener('abort', close, { once: true })
  const address = server.address()
  return { port: address !== null && typeof address === 'object' ? address.port : listening.port, closed }
}
