import { createServer, type Socket } from 'node:net'
import { KisekiError } from '../../model/errors.ts'

export interface Listener {
  readonly port: number
  /** Takes no more connections. Those that were taken live on. */
  close(): void
}

export interface ListenerOptions {
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
  readonly accept: (socket: Socket) => void
}

/** Waiting connections that the system holds for us while we are busy. */
const BACKLOG = 1024

/** Rejects with a KisekiError where the address cannot be listened on. */
export function openListener(options: ListenerOptions): Promise<Listener> {
  const { host, port } = options
  const server = createServer({ noDelay: true, allowHalfOpen: true }, options.accept)
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(cannotListen(`${host}:${port}`, error)))
    server.listen({ host, port, backlog: BACKLOG }, () => {
      const bound = server.address()
      resolve({
        port: typeof bound === 'object' && bound !== null ? bound.port : port,
        close: () => void server.close(),
      })
    })
  })
}

function cannotListen(where: string, cause: NodeJS.ErrnoException): KisekiError {
  return cause.code === 'EADDRINUSE'
    ? new KisekiError('KISEKI_PORT_IN_USE', `cannot listen on ${where}: the address is in use`, { cause })
    : new KisekiError('KISEKI_CANNOT_LISTEN', `cannot listen on ${where}: ${cause.message}`, { cause })
}
