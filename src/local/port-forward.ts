import { connect as connectTo, createServer, type Server, type Socket } from 'node:net'
import type { KubeClient } from '../kube/client.ts'
import { unlessAbsent } from '../kube/kube-errors.ts'
import { PODS, SERVICES } from '../kube/resources.ts'
import { podSockets } from '../mesh/compile/pod-sockets.ts'
import { KisekiError } from '../model/errors.ts'
import type { Pod } from '../model/kubernetes.ts'
import type { SocketAddress } from '../model/sidecar-config.ts'
import { errorFields, type Logger } from '../runtime/logger.ts'
import { containerPortOf } from './container-port.ts'
import { isLeaving, isReady } from './controllers/pod-state.ts'

/** The port of a Service, or a container port of the pods with these labels; by number or name. */
export type ForwardTarget =
  | { readonly namespace: string; readonly service: string; readonly port: number | string }
  | {
      readonly namespace: string
      readonly labels: Readonly<Record<string, string>>
      readonly port: number | string
    }

export interface ListenAddress {
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
}

export interface PortForward {
  readonly port: number
  /** Cuts what is open. */
  close(): Promise<void>
}

export interface PortForwardOptions {
  readonly client: KubeClient
  readonly logger: Logger
  readonly listen: ListenAddress
  readonly target: ForwardTarget
}

/**
 * Takes TCP connections, each to a ready pod as it is at that moment: pods come and go behind it. A connection for
 * which there is none is closed.
 */
export async function startPortForward(options: PortForwardOptions): Promise<PortForward> {
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
    const targets = await findTargets(options)
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

async function findTargets({ client, target }: PortForwardOptions): Promise<readonly SocketAddress[]> {
  const { namespace } = target
  const behind = 'labels' in target ? target : await behindService(client, target)
  if (behind === undefined) return []
  const pods = await client.list(PODS, { namespace, labels: behind.labels })
  return pods.items
    .filter(pod => isReady(pod) && !isLeaving(pod))
    .flatMap(pod => socketOf(pod, behind.port) ?? [])
}

async function behindService(
  client: KubeClient,
  { namespace, service, port }: Extract<ForwardTarget, { readonly service: string }>,
): Promise<
  { readonly labels: Readonly<Record<string, string>>; readonly port: number | string } | undefined
> {
  const found = await unlessAbsent(client.get(SERVICES, { namespace, name: service }))
  const { selector, ports = [] } = found?.spec ?? {}
  const servicePort = ports.find(each => each.port === port || each.name === port)
  if (selector === undefined || servicePort === undefined) return undefined
  return { labels: selector, port: servicePort.targetPort ?? servicePort.port }
}

/** Past the sidecar, if there is one. */
function socketOf(pod: Pod, port: number | string): SocketAddress | undefined {
  const containerPort = containerPortOf(pod, port)
  return containerPort === undefined ? undefined : podSockets(pod)?.outside(containerPort)
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
