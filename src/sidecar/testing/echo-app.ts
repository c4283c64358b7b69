import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net'

export interface App {
  readonly port: number
  /** Heads as they came. */
  readonly requests: readonly IncomingMessage[]
  readonly server: Server
  close(): Promise<void>
}

/** Without a handler: answers every request with its method, target, headers and body, as JSON. */
export async function startApp(handle: RequestListener = echo): Promise<App> {
  const requests: IncomingMessage[] = []
  const server = createServer({ keepAliveTimeout: 60_000 }, (message, response) => {
    requests.push(message)
    handle(message, response)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    requests,
    server,
    close: () =>
      new Promise<void>(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

const echo: RequestListener = (message, response) => {
  const parts: Buffer[] = []
  message.on('data', (part: Buffer) => parts.push(part))
  message.on('end', () => {
    response.setHeader('content-type', 'application/json')
    response.end(
      JSON.stringify({
        method: message.method,
        url: message.url,
        headers: message.headers,
        body: Buffer.concat(parts).toString(),
      }),
    )
  })
}

export interface TcpApp {
  readonly port: number
  readonly sockets: readonly Socket[]
  close(): Promise<void>
}

/** Says and hears just bytes. */
export async function startTcpApp(handle: (socket: Socket, index: number) => void): Promise<TcpApp> {
  const sockets: Socket[] = []
  const server = createTcpServer({ allowHalfOpen: true }, socket => {
    socket.on('error', () => undefined)
    sockets.push(socket)
    handle(socket, sockets.length - 1)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    sockets,
    close: () =>
      new Promise<void>(resolve => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}
