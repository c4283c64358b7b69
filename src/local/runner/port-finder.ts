import { setTimeout as sleep } from 'node:timers/promises'
import type { SocketAddress } from '../../model/sidecar-config.ts'
import type { ListeningSockets } from './listening-sockets.ts'
import type { VirtualPort } from './pod-ports.ts'
import type { ListeningSocket } from './proc-net-tcp.ts'

export interface PortFinderOptions {
  readonly sockets: ListeningSockets
  readonly podAddress: string
  readonly ports: readonly VirtualPort[]
  /** The process group of the app. */
  readonly group: number
  readonly found: (containerPort: number, at: SocketAddress) => void
  readonly signal: AbortSignal
}

/** No event tells of a new listener, so it is looked for: often while an app starts, then less. */
const FIRST_LOOK_MILLIS = 25
const MOST_MILLIS = 2000

/**
 * Looks until every port is listened on: where the app was told to, else on the number that its manifest says.
 * Never rejects.
 */
export async function findPorts(options: PortFinderOptions): Promise<void> {
  const { signal, sockets, found } = options
  let missing = options.ports
  for (let wait = FIRST_LOOK_MILLIS; missing.length > 0; wait = Math.min(wait * 1.5, MOST_MILLIS)) {
    await sleep(wait, undefined, { signal }).catch(() => undefined)
    if (signal.aborted) return
    const listening = await sockets.list()
    const stillMissing: VirtualPort[] = []
    for (const port of missing) {
      const at = await locate(port, listening, options)
      if (signal.aborted) return
      if (at === undefined) stillMissing.push(port)
      else found(port.containerPort, at)
    }
    missing = stillMissing
  }
}

/** Others may listen on the same number at other addresses: only the app's own sockets count. */
async function locate(
  { chosen, containerPort }: VirtualPort,
  listening: readonly ListeningSocket[],
  { podAddress, sockets, group }: PortFinderOptions,
): Promise<SocketAddress | undefined> {
  const candidates = listening.filter(({ port }) => port === chosen || port === containerPort)
  const own = await sockets.heldBy(group, candidates)
  const found = own.find(({ port }) => port === chosen) ?? own[0]
  return found === undefined ? undefined : reachable(found, podAddress)
}

/** Who listens on all addresses also answers on the pod's. */
function reachable({ address, port }: ListeningSocket, podAddress: string): SocketAddress {
  return { address: address === '0.0.0.0' || address === '::' ? podAddress : address, port }
}
