import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Clock } from '../runtime/clock.ts'
import type { Metrics } from '../runtime/metrics.ts'
import type { OpenListener, TrafficState } from './admin/admin-routes.ts'
import type { DataPlane } from './exchange/data-plane.ts'
import { createInboundAccept } from './exchange/inbound-connection.ts'
import { createOutboundAccept } from './exchange/outbound-connection.ts'
import { SILENT } from './exchange/relay-route.ts'
import { createConnections } from './net/connections.ts'
import { createDeadlines } from './net/deadlines.ts'
import { type Listener, openListener } from './net/listener.ts'
import { acceptTransport, connectTransport } from './net/socket-transport.ts'
import type { Transport } from './net/transport.ts'
import { createOwnAddresses } from './own-addresses.ts'
import type { Tables } from './routing/tables.ts'
import type { SidecarSettings } from './settings.ts'
import type { Direction, SidecarMetrics } from './sidecar-metrics.ts'

export interface TrafficOptions {
  readonly settings: Pick<SidecarSettings, 'listenHost' | 'ports' | 'maxConnections'>
  readonly metrics: Metrics
  readonly sidecarMetrics: SidecarMetrics
  readonly clock: Clock
  readonly random: () => number
  readonly tickMillis?: number
}

/** The two listeners and all that comes in by them. */
export interface Traffic {
  readonly state: TrafficState
  readonly listeners: readonly OpenListener[]
  /** Requests that begin from now on go by these tables. */
  use(tables: Tables): void
  /** Opens the listeners, where they are not; `use` comes first. Rejects with a KisekiError. */
  open(): Promise<void>
  /**
   * Takes new connections for `drainMillis` more, as others may not know yet that it ends; whoever is answered meanwhile
   * is told to come elsewhere. Then it takes nothing new, and lets what runs end for `graceMillis`.
   */
  stop(drainMillis: number, graceMillis: number): Promise<void>
}

const MOST_CONNECTIONS = 10_000

export function createTraffic(options: TrafficOptions): Traffic {
  const { settings, sidecarMetrics, clock, tickMillis } = options
  const monotonicMillis = (): number => clock.monotonic() / 1000
  const ownPorts = new Set<number>()
  const own = createOwnAddresses(settings.listenHost, ownPorts)
  const permitted = (address: string, port: number): boolean => !own.includes(address, port)
  const connections = createConnections(settings.maxConnections ?? MOST_CONNECTIONS)
  const deadlines = createDeadlines({ monotonicMillis, ...(tickMillis === undefined ? {} : { tickMillis }) })
  const open: (Listener & { readonly name: Direction })[] = []
  let plane: DataPlane | undefined
  let opening: Promise<void> | undefined
  let stopping = false
  options.metrics.gauge(
    'kiseki_sidecar_connections',
    'Connections that apps and other pods hold to this sidecar.',
    () => connections.size,
  )

  function acceptWith(direction: Direction, take: (transport: Transport) => void): (socket: Socket) => void {
    return socket => {
      if (connections.room && !stopping) return take(acceptTransport(socket, SILENT))
      sidecarMetrics[direction].refusedConnections.add()
      socket.destroy()
    }
  }

  async function listen(name: Direction, take: (transport: Transport) => void): Promise<void> {
    const accept = acceptWith(name, take)
    const listener = await openListener({ host: settings.listenHost, port: settings.ports[name], accept })
    // A request that would come to our own outbound port would be sent again by us, for ever.
    if (name === 'outbound') ownPorts.add(listener.port)
    open.push({ ...listener, name })
  }

  async function openBoth(ready: DataPlane): Promise<void> {
    await listen('inbound', createInboundAccept(ready))
    await listen('outbound', createOutboundAccept(ready))
  }

  return {
    get state() {
      if (connections.draining) return 'DRAINING'
      return open.length === 2 ? 'LIVE' : 'PRE_INITIALIZING'
    },
    get listeners() {
      return open.map(({ name, port }) => ({ name, address: settings.listenHost, port }))
    },
    use(tables) {
      if (plane !== undefined) {
        plane.tables = tables
        return
      }
      plane = {
        tables,
        connections,
        deadlines,
        metrics: sidecarMetrics,
        random: options.random,
        clock,
        connect: (target, owner) => connectTransport({ target, owner, permitted }),
      }
    },
    async open() {
      if (plane !== undefined && !connections.draining) opening ??= openBoth(plane)
      await opening
    },
    async stop(drainMillis, graceMillis) {
      await opening?.catch(() => undefined)
      connections.discourage()
      if (drainMillis > 0 && open.length > 0) await sleep(drainMillis)
      stopping = true
      for (const listener of open) listener.close()
      await connections.drain(graceMillis)
    },
  }
}
