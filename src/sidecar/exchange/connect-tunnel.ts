import { Backlog } from '../http/backlog.ts'
import { detectHttp } from '../http/http-detection.ts'
import type { Held } from '../net/connections.ts'
import type { Transport, TransportOwner } from '../net/transport.ts'
import type { Endpoint } from '../routing/endpoint.ts'
import type { Route } from '../routing/route.ts'
import type { DataPlane } from './data-plane.ts'
import { Downstream } from './downstream.ts'
import type { ConnectRequest, Entry } from './entry.ts'
import { CONNECT_ANSWER, Relay, refuseConnect } from './relay.ts'
import { relayToRoute, SILENT } from './relay-route.ts'

/**
 * A client that means HTTP or TLS speaks at once. When nothing has come for this long, the server may be the one to
 * speak first (SMTP, MySQL): it is connected to, so that it can. Longer would delay those; the detection goes on after it.
 */
const CLIENT_FIRST_MILLIS = 50

/** Takes CONNECT: what comes inside may be plain HTTP, which is traced like any other, or anything else. */
export function openTunnel(plane: DataPlane, request: ConnectRequest): void {
  const { transport: client, authority, rest } = request
  const route = plane.tables.outbound.find(authority)
  if (route.kind === 'refusal') {
    plane.metrics.outbound.failure(route.reason).add()
    refuseConnect(plane, client, route)
  } else if (route.protocol === 'tcp') {
    relayToRoute({ plane, direction: 'outbound', client, route, early: rest, answersConnect: true })
  } else {
    new ConnectTunnel({ plane, client, authority, route }).begin(rest)
  }
}

interface TunnelOptions {
  readonly plane: DataPlane
  readonly client: Transport
  readonly authority: string
  readonly route: Route
}

/** A tunnel of which nobody knows yet what it will carry. */
class ConnectTunnel implements TransportOwner, Held {
  readonly busy = false
  private readonly options: TunnelOptions
  private readonly backlog = new Backlog()
  private window: NodeJS.Timeout | undefined
  private upstream: Transport | undefined
  private endpoint: Endpoint | undefined

  constructor(options: TunnelOptions) {
    this.options = options
  }

  begin(rest: Buffer): void {
    const { plane, client } = this.options
    client.owner = this
    plane.connections.add(this)
    client.writeText(CONNECT_ANSWER)
    this.window = setTimeout(() => this.connect(), CLIENT_FIRST_MILLIS)
    if (rest.length > 0) this.onData(rest)
  }

  onConnect(): void {}
  onDrain(): void {}

  onData(bytes: Buffer): void {
    this.backlog.append(bytes)
    const detected = detectHttp(this.backlog.view())
    if (detected === 'http') this.becomeHttp()
    else if (detected === 'other') this.becomeRelay()
  }

  /** Who ends without having spoken may still listen. */
  onEnd(): void {
    this.becomeRelay()?.clientEnded()
  }

  onClose(): void {
    this.leave()
    if (this.upstream !== undefined) silence(this.upstream)
  }

  drain(): void {}

  cut(): void {
    this.options.client.destroy()
  }

  private connect(): Transport | undefined {
    if (this.upstream !== undefined) return this.upstream
    const { plane, route } = this.options
    this.endpoint = route.balancer.next()
    if (this.endpoint === undefined) {
      this.options.client.reset()
      return undefined
    }
    this.upstream = plane.connect(this.endpoint.target, {
      ...SILENT,
      onData: bytes => this.serverSpoke(bytes),
      onEnd: () => this.becomeRelay()?.upstreamEnded(),
      onClose: () => this.options.client.reset(),
    })
    return this.upstream
  }

  private serverSpoke(bytes: Buffer): void {
    this.becomeRelay()
    this.options.client.write(bytes)
  }

  private becomeHttp(): void {
    const { plane, client, authority } = this.options
    const downstream = new Downstream(plane, client, tunnelEntry(authority))
    plane.connections.add(downstream)
    client.owner = downstream
    this.leave()
    if (this.upstream !== undefined) silence(this.upstream)
    downstream.onData(this.backlog.take())
  }

  private becomeRelay(): Relay | undefined {
    const { plane, client } = this.options
    const upstream = this.connect()
    const { endpoint } = this
    if (upstream === undefined || endpoint === undefined) return undefined
    endpoint.connections++
    plane.metrics.outbound.relays.add()
    const closed = (): void => void endpoint.connections--
    const relay = new Relay({ plane, client, upstream, answersConnect: false, closed })
    this.leave()
    if (this.backlog.length > 0 && !upstream.write(this.backlog.take())) client.pause()
    return relay
  }

  private leave(): void {
    clearTimeout(this.window)
    this.options.plane.connections.remove(this)
  }
}

/** Where the tunnel leads decides, whatever the Host headers inside say. */
function tunnelEntry(authority: string): Entry {
  return {
    direction: 'outbound',
    find: (_, tables) => tables.outbound.find(authority),
    connect: undefined,
    clientAddress: '',
    clientPort: 0,
  }
}

function silence(transport: Transport): void {
  transport.owner = SILENT
  transport.destroy()
}
