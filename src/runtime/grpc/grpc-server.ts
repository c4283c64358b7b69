import {
  createServer,
  type Http2Server,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2'
import type { Socket } from 'node:net'
import { type ListenAddress, listen } from '../http-server.ts'
import { errorFields, type Logger } from '../logger.ts'
import { endGrpcStream, type GrpcMethod, runGrpcCall } from './grpc-call.ts'
import { GRPC } from './grpc-status.ts'

export interface GrpcServerOptions {
  readonly listen: ListenAddress
  readonly methods: readonly GrpcMethod[]
  readonly logger: Logger
}

export interface GrpcServer {
  readonly port: number
  /** `host:port`, with the host that a client on this machine can use. */
  readonly address: string
  /** Asks clients to go (GOAWAY) and lets running calls end for `graceMillis`, then cuts them. */
  close(graceMillis: number): Promise<void>
}

const MOST_STREAMS = 100
const MOST_CONNECTIONS = 4096
const HEADER_BYTES = 16 * 1024
/** What a client may send ahead: in a call, and in all calls of a connection. */
const CALL_WINDOW = 256 * 1024
const CONNECTION_WINDOW = 1024 * 1024
/** Who says nothing for so long is asked to go: he may be dead. Clients connect again when they need to. */
const IDLE_MILLIS = 5 * 60_000
const KEEP_ALIVE_MILLIS = 60_000

/**
 * gRPC over HTTP/2 without TLS, as its protocol has it (grpc/grpc, PROTOCOL-HTTP2.md): methods with one message each
 * way, uncompressed or gzip, deadlines, status in trailers.
 */
export async function startGrpcServer(options: GrpcServerOptions): Promise<GrpcServer> {
  const { logger } = options
  const server = createServer({
    settings: {
      maxConcurrentStreams: MOST_STREAMS,
      initialWindowSize: CALL_WINDOW,
      maxHeaderListSize: HEADER_BYTES,
    },
  })
  server.maxConnections = MOST_CONNECTIONS
  const sessions = new Set<ServerHttp2Session>()
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    socket.setKeepAlive(true, KEEP_ALIVE_MILLIS)
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  server.on('session', session => {
    sessions.add(session)
    session.once('close', () => sessions.delete(session))
    session.setTimeout(IDLE_MILLIS, () => session.close())
    session.setLocalWindowSize(CONNECTION_WINDOW)
  })
  server.on('sessionError', error => logger.debug('a gRPC connection broke off', errorFields(error)))
  server.on('stream', createAcceptor(options))
  const port = await listen(server, options.listen)
  const { host } = options.listen
  const shown = host === undefined || host === '0.0.0.0' || host === '::' ? 'localhost' : host
  return {
    port,
    address: `${shown.includes(':') ? `[${shown}]` : shown}:${port}`,
    close: graceMillis => close(server, { sessions, sockets }, graceMillis),
  }
}

function createAcceptor({ methods, logger }: GrpcServerOptions) {
  const byPath = new Map(methods.map(method => [method.path, method]))
  return (stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void => {
    stream.on('error', error => logger.debug('a gRPC call broke off', errorFields(error)))
    const path = headers[':path'] ?? ''
    const method = byPath.get(path)
    if (headers[':method'] !== 'POST') refuse(stream, 405)
    else if (!isGrpc(headers['content-type'])) refuse(stream, 415)
    else if (method !== undefined) runGrpcCall(stream, headers, method, logger)
    else endGrpcStream(stream, { code: GRPC.unimplemented, text: `unknown method ${path}` })
  }
}

function isGrpc(type: string | undefined): boolean {
  return /^application\/grpc(\+proto)?\s*(;|$)/i.test(type ?? '')
}

/** For those who speak no gRPC. */
function refuse(stream: ServerHttp2Stream, status: number): void {
  stream.respond({ ':status': status }, { endStream: true })
  stream.close()
}

interface Connections {
  readonly sessions: ReadonlySet<ServerHttp2Session>
  readonly sockets: ReadonlySet<Socket>
}

async function close(
  server: Http2Server,
  { sessions, sockets }: Connections,
  graceMillis: number,
): Promise<void> {
  const closed = new Promise<void>(resolve => server.close(() => resolve()))
  for (const session of sessions) session.close()
  // Who never said a word has nothing to wait for.
  for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy()
  // A session that is destroyed still waits for its peer to close the connection.
  const cut = setTimeout(() => {
    for (const socket of sockets) socket.destroy()
  }, graceMillis)
  await closed
  clearTimeout(cut)
}
