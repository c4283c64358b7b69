import { connect, type Socket } from 'node:net'
import { KubeFailure } from '../../kube/kube-failure.ts'
import type { SocketAddress } from '../../model/sidecar-config.ts'
import { containerPortOf } from '../container-port.ts'
import type { ListeningSockets } from './listening-sockets.ts'
import type { PodWorker } from './pod-worker.ts'

/**
 * A connection to a pod: for a container port to where its app really listens, for any other to the process of the
 * pod that listens on it. Fails in the words of the kubelet.
 */
export async function connectToWorker(
  worker: PodWorker,
  port: number | string,
  sockets: ListeningSockets | undefined,
): Promise<Socket> {
  const { metadata, status } = worker.pod
  const containerPort = containerPortOf(worker.pod, port)
  if (containerPort === undefined) {
    throw new KubeFailure('BadRequest', `pod ${metadata.name} has no port named "${port}"`)
  }
  const at = await socketOf(worker, containerPort, sockets)
  if (at === undefined) {
    const phase = status?.phase ?? 'Pending'
    throw new KubeFailure(
      'BadRequest',
      `unable to forward port because pod is not running. Current status=${phase}`,
    )
  }
  return connected(at, problem => {
    const message = `error forwarding port ${containerPort} to pod ${metadata.name}, uid ${metadata.uid}: ${problem}`
    return new KubeFailure('ServiceUnavailable', message)
  })
}

async function socketOf(
  { ports, podIP, containers }: PodWorker,
  port: number,
  sockets: ListeningSockets | undefined,
): Promise<SocketAddress | undefined> {
  if (podIP === undefined || ports === undefined) return undefined
  const declared = ports.mapping().get(port)
  if (declared !== undefined) return declared
  const listening = (await sockets?.list())?.filter(each => each.port === port) ?? []
  for (const { group } of containers) {
    const [own] = group() === undefined ? [] : ((await sockets?.heldBy(group() ?? 0, listening)) ?? [])
    if (own !== undefined) return { address: isAny(own.address) ? podIP : own.address, port }
  }
  return { address: podIP, port }
}

function isAny(address: string): boolean {
  return address === '0.0.0.0' || address === '::'
}

function connected(
  { address, port }: SocketAddress,
  failure: (problem: string) => KubeFailure,
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: address, port, allowHalfOpen: true })
    const refused = (error: NodeJS.ErrnoException) => {
      const reason = error.code === 'ECONNREFUSED' ? 'connect: connection refused' : error.message
      reject(failure(`dial tcp4 ${address}:${port}: ${reason}`))
    }
    socket.once('error', refused)
    socket.once('connect', () => {
      socket.off('error', refused)
      resolve(socket)
    })
  })
}
