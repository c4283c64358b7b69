import { createServer, type IncomingMessage, type ServerResponse, request as send } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'

interface Passed {
  readonly method: string
  /** As it stood in the request line: an absolute URL, or an authority for CONNECT. */
  readonly target: string
  readonly headers: IncomingMessage['headers']
  readonly socket: Socket
}

/** A forward proxy in the place of the sidecars: it brings names of the mesh to ports of this machine. */
export interface ForwardProxy {
  readonly url: string
  /** Everything that went through, in order. */
  readonly passed: readonly Passed[]
  /** Several ports of one name take turns; none makes the name answer 502. */
  readonly name: (authority: string, ...ports: number[]) => void
  readonly close: () => Promise<void>
}

export const openForwardProxy = async (): Promise<ForwardProxy> => {
  const passed: Passed[] = []
  const names = new Map<string, number[]>()
  const portOf = (authority: string): number | undefined => {
    const ports = names.get(authority)
    const port = ports?.shift()
    if (port !== undefined) ports?.push(port)
    return port
  }
  const note = (request: IncomingMessage): void => {
    const { method = '', url = '', headers, socket } = request
    passed.push({ method, target: url, headers, socket })
  }
  const forward = (request: IncomingMessage, response: ServerResponse): void => {
    note(request)
    const { host, pathname } = new URL(request.url ?? '')
    const port = portOf(host)
    if (port === undefined) return void response.writeHead(502).end()
    const { method, headers } = request
    const onward = send({ host: '127.0.0.1', port, path: pathname, method, headers }, answer => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    onward.on('error', () => (response.headersSent ? response.destroy() : response.writeHead(502).end()))
    request.pipe(onward)
  }
  const tunnel = (request: IncomingMessage, client: Socket): void => {
    note(request)
    client.on('error', () => client.destroy())
    const port = portOf(request.url ?? '')
    if (port === undefined) return void client.end('HTTP/1.1 502 Bad Gateway\r\n\r\n')
    const onward = connect(port, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n')
      client.pipe(onward).pipe(client)
    })
    onward.on('error', () => client.destroy())
    client.on('close', () => onward.destroy())
  }
  const sockets = new Set<Socket>()
  const server = createServer(forward)
  server.on('connect', tunnel)
  server.on('connection', socket => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    passed,
    name: (authority, ...ports) => void names.set(authority, ports),
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}
