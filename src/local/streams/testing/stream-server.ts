import { once } from 'node:events'
import { createServer as createHttpServer, type Server } from 'node:http'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { SILENT } from '../../testing/silent-logger.ts'
import { createPodStreams, type PodStreams } from '../pod-streams.ts'
import type { StreamLimits } from '../stream-limits.ts'
import { ProcessTarget } from './process-target.ts'

/** `/api/v1/namespaces/N/pods/P/exec?…`, as an API server has it. */
const PATH = /^\/api\/v1\/namespaces\/([^/]+)\/pods\/([^/]+)\/(exec|attach|portforward)$/

export interface StreamServer {
  readonly target: ProcessTarget
  readonly streams: PodStreams
  readonly port: number
  close(): Promise<void>
}

export async function startStreamServer(limits: Partial<StreamLimits> = {}): Promise<StreamServer> {
  const target = new ProcessTarget()
  const streams = createPodStreams(target, { logger: SILENT, limits })
  const server = createHttpServer()
  server.on('upgrade', (request, socket, head) => {
    const url = new URL(request.url ?? '', 'http://server')
    const [, namespace = '', pod = '', kind = ''] = PATH.exec(url.pathname) ?? []
    if (kind !== 'exec' && kind !== 'attach' && kind !== 'portforward') return void socket.destroy()
    streams.handle(request, socket, head, { kind, namespace, pod, query: url.searchParams })
  })
  const port = await listen(server)
  return {
    target,
    streams,
    port,
    async close() {
      streams.close()
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
      for (const child of target.running) child.kill('SIGKILL')
      for (const socket of target.sockets) socket.destroy()
    },
  }
}

export interface TcpServer {
  readonly port: number
  close(): Promise<void>
}

/** Lets connections be half closed. */
export async function startTcpServer(serve: (socket: Socket) => void): Promise<TcpServer> {
  const sockets = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true }, socket => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    serve(socket)
  })
  const port = await listen(server)
  return {
    port,
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

async function listen(server: Server | ReturnType<typeof createServer>): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  // Of a TCP server that listens it is never null nor a path.
  return (server.address() as AddressInfo).port
}
