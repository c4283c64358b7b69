import { connect as connectTo, createServer, type Server, type Socket } from 'node:net'
import { KisekiError } from '../model/errors.ts'
import type { SocketAddress } from '../model/sidecar-config.ts'
import { errorFields, type Logger } from '../runtime/logger.ts'

export interface ListenAddress {
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
}

export interface TcpRelay {
  readonly port: number
  /** Cuts what is open. */
  close(): Promise<void>
}

export interface TcpRelayOptions {
  readonly listen: ListenAddress
  /** Asked for each connection, which goes to one after the other. None: the connection is closed. */
  readonly targets: () => Promise<readonly SocketAddress[]>
  readonly logger: Logger
}

/** Takes TCP connections and joins each to one of the targets. `KISEKI_PORT_IN_USE`, `KISEKI_CANNOT_LISTEN`. */
export async function startTcpRelay(options: TcpRelayOptions): Promise<TcpRelay> {
  const sockets = new Set<Socket>()
  let turn = 0
  const track = (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    // The other end is told by its own close.
    socket.on('error', () => socket.destroy())
  }

  async function forward(socket: Socket): Promise<void> {
    track(socket)
    const targets = await options.targets()
    const target = targets[turn++ % targets.length]
    if (target === undefined || socket.destroyed) {
      socket.destroy()
      return
    }
    const upstream = connectTo({ host: target.address, port: target.port, allowHalfOpen: true })
    track(upstream)
    join(socket, upstream)
  }

  const server = createServer({ allowHalfOpen: true }, socket => {
    forward(socket).catch(error => {
      options.logger.warn('a connection could not be forwarded', errorFields(error))
      socket.destroy()
    })
  })
  const port = await listen(server, options.listen)
  return {
    port,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}

/** Each end that closes, closes the other. */
function join(one: Socket, other: Socket): void {
  one.pipe(other).pipe(one)
  one.on('close', () => other.destroy())
  other.on('close', () => one.destroy())
}

function listen(server: Server, { host, port }: ListenAddress): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', error => reject(cannotListen({ host, port }, error)))
    server.listen({ host, port }, () => {
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : port)
    })
  })
}

function cannotListen({ host, port }: ListenAddress, error: NodeJS.ErrnoException): KisekiError {
  const inUse = error.code === 'EADDRINUSE'
  const message = `cannot listen on ${host}:${port}: ${inUse ? 'the address is in use' : error.message}`
  return new KisekiError(inUse ? 'KISEKI_PORT_IN_USE' : 'KISEKI_CANNOT_LISTEN', message, { cause: error })
}
