import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { Server as NetServer, Socket } from 'node:net'
import { type Duplex, Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { KisekiError } from '../model/errors.ts'
import { readBody } from './http-body.ts'
import { drain } from './http-drain.ts'
import type { Handler, HttpRequest, HttpResponse, Route } from './http-exchange.ts'
import { createRouter, notFound } from './http-router.ts'
import { errorFields, type Logger } from './logger.ts'

export interface ListenAddress {
  /** Undefined: all interfaces. */
  readonly host: string | undefined
  /** 0 takes a free one. */
  readonly port: number
}

export interface HttpServerOptions {
  readonly listen: ListenAddress
  readonly routes: readonly Route[]
  /** Answers what no route takes; 404 without it. */
  readonly fallback?: Handler
  readonly logger: Logger
  /** Added to every response. */
  readonly headers?: Readonly<Record<string, string>>
  /** Absent: plain http. Both are PEM. */
  readonly tls?: { readonly key: string; readonly cert: string }
  /** Takes connections over that ask to change the protocol; without it they are answered as if they had not. */
  readonly upgrade?: (message: IncomingMessage, socket: Duplex, head: Buffer) => void
}

export interface HttpServer {
  readonly port: number
  /** With the host that a client on this machine can use. */
  readonly url: string
  /** Lets running exchanges end for `graceMillis`, then cuts them. */
  close(graceMillis?: number): Promise<void>
}

/** Smaller answers are not worth a gzip. */
const COMPRESS_FROM_BYTES = 2048
const COMPRESSIBLE = /^(text\/|application\/(json|javascript|xml))|\+(json|xml)/
const HEAD_TIMEOUT_MILLIS = 10_000

export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const answer = createAnswerer(options)
  const onRequest = (message: IncomingMessage, response: ServerResponse) => {
    answer(message, response).catch((error: unknown) => {
      options.logger.warn('an exchange broke off', errorFields(error))
      response.destroy()
    })
  }
  const how = { requireHostHeader: false, headersTimeout: HEAD_TIMEOUT_MILLIS }
  const server =
    options.tls === undefined
      ? createServer(how, onRequest)
      : createTlsServer({ ...how, ...options.tls }, onRequest)
  if (options.upgrade !== undefined) server.on('upgrade', options.upgrade)
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  const port = await listen(server, options.listen)
  return {
    port,
    url: urlOf(options.tls === undefined ? 'http' : 'https', options.listen.host, port),
    close: graceMillis => close(server, sockets, graceMillis ?? 1000),
  }
}

/** An address that stands for all is none to connect to: browsers refuse it. */
function urlOf(scheme: 'http' | 'https', host: string | undefined, port: number): string {
  if (host === undefined || host === '0.0.0.0' || host === '::') return `${scheme}://localhost:${port}`
  return `${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}`
}

/** Resolves with the port that was taken. */
export function listen(
  server: Pick<NetServer, 'address'> & {
    listen(options: { host?: string; port: number }): unknown
    once(event: 'error', listener: (error: NodeJS.ErrnoException) => void): unknown
    once(event: 'listening', listener: () => void): unknown
    off(event: 'error', listener: (error: NodeJS.ErrnoException) => void): unknown
    off(event: 'listening', listener: () => void): unknown
  },
  address: ListenAddress,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException) => {
      server.off('listening', listening)
      reject(cannotListen(address, error))
    }
    const listening = () => {
      server.off('error', failed)
      const bound = server.address()
      resolve(typeof bound === 'object' && bound !== null ? bound.port : address.port)
    }
    server.once('error', failed)
    server.once('listening', listening)
    server.listen({ port: address.port, ...(address.host === undefined ? {} : { host: address.host }) })
  })
}

function cannotListen(address: ListenAddress, error: NodeJS.ErrnoException): KisekiError {
  const where = `${address.host ?? ''}:${address.port}`
  return error.code === 'EADDRINUSE'
    ? new KisekiError('KISEKI_PORT_IN_USE', `cannot listen on ${where}: the address is in use`, {
        cause: error,
      })
    : new KisekiError('KISEKI_CANNOT_LISTEN', `cannot listen on ${where}: ${error.message}`, { cause: error })
}

async function close(server: Server, sockets: ReadonlySet<Socket>, graceMillis: number): Promise<void> {
  const closed = new Promise<void>(resolve => server.close(() => resolve()))
  server.closeIdleConnections()
  // Browsers open some beforehand. To Node they are not idle, as long as nothing was asked on them.
  for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy()
  const cut = setTimeout(() => server.closeAllConnections(), graceMillis)
  await closed
  clearTimeout(cut)
}

function createAnswerer(options: HttpServerOptions) {
  const route = createRouter(options.routes)
  const fallback = options.fallback ?? notFound

  return async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    const gone = new AbortController()
    // A DOMException for every answer that went well would be dear.
    response.once('close', () => response.writableFinished || gone.abort())
    const result = await respond(message, gone.signal)
    await send(message, response, { ...result, headers: { ...options.headers, ...result.headers } })
  }

  async function respond(message: IncomingMessage, signal: AbortSignal): Promise<HttpResponse> {
    const url = parseTarget(message.url ?? '/')
    if (url === undefined) return { status: 400, body: 'malformed request target\n' }
    const method = message.method ?? 'GET'
    const found = route(method, url.pathname)
    if (found.status === 'wrong-method') return wrongMethod(found.allow)
    const request: HttpRequest = {
      method,
      params: found.status === 'found' ? found.params : {},
      path: url.pathname,
      query: url.searchParams,
      headers: message.headers,
      clientAddress: message.socket.remoteAddress ?? '',
      signal,
      body: (limit, room) => readBody(message, limit, room),
    }
    try {
      return await (found.status === 'found' ? found.handle : fallback)(request)
    } catch (error) {
      options.logger.error('a handler failed', { method, path: url.pathname, ...errorFields(error) })
      return { status: 500, body: 'internal error\n' }
    }
  }
}

function parseTarget(target: string): URL | undefined {
  return URL.parse(target.startsWith('/') ? `http://host${target}` : target) ?? undefined
}

function wrongMethod(allow: readonly string[]): HttpResponse {
  return {
    status: 405,
    headers: { allow: allow.join(', ') },
    body: `405 method not allowed, supported: [${allow.join(' ')}]`,
  }
}

async function send(message: IncomingMessage, response: ServerResponse, result: HttpResponse): Promise<void> {
  // A body that nobody read would keep the connection from being used again.
  if (!message.complete) response.setHeader('connection', 'close')
  const body = result.body ?? ''
  if (typeof body !== 'string' && !(body instanceof Uint8Array)) {
    response.writeHead(result.status, result.headers)
    response.flushHeaders()
    if (message.method === 'HEAD') response.end()
    else await pipeline(Readable.from(body), response, breakOffBy(result.signal)).catch(ignoreClientGone)
    return
  }
  const plain = typeof body === 'string' ? Buffer.from(body) : body
  const bytes = (await compress(message, result, plain)) ?? plain
  const headers: Record<string, string | number> = { ...result.headers, 'content-length': bytes.length }
  if (bytes !== plain) Object.assign(headers, { 'content-encoding': 'gzip', vary: 'accept-encoding' })
  response.writeHead(result.status, headers)
  if (!message.complete) {
    response.write(bytes)
    await drain(message)
    response.end()
  } else response.end(message.method === 'HEAD' ? undefined : bytes)
}

function breakOffBy(signal: AbortSignal | undefined): { signal?: AbortSignal } {
  return signal === undefined ? {} : { signal }
}

async function compress(
  message: IncomingMessage,
  result: HttpResponse,
  body: Uint8Array,
): Promise<Buffer | undefined> {
  const type = result.headers?.['content-type'] ?? ''
  const accepts = /\bgzip\b/.test(String(message.headers['accept-encoding'] ?? ''))
  const already = result.headers?.['content-encoding'] !== undefined
  if (!accepts || already || body.length < COMPRESS_FROM_BYTES || !COMPRESSIBLE.test(type)) return undefined
  return promisify(gzip)(body)
}

function ignoreClientGone(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE' && error.code !== 'ABORT_ERR') throw error
}
