import type { Transport, TransportOwner } from '../net/transport.ts'
import { beginRelay, endRelay } from '../routing/attempt.ts'
import { Endpoint } from '../routing/endpoint.ts'
import type { Route } from '../routing/route.ts'
import type { Direction } from '../sidecar-metrics.ts'
import type { DataPlane } from './data-plane.ts'
import { Relay, refuseConnect } from './relay.ts'

export interface RelayRouteOptions {
  readonly plane: DataPlane
  readonly direction: Direction
  readonly client: Transport
  readonly route: Route
  /** What the client has said already. */
  readonly early: Buffer
  readonly answersConnect: boolean
}

/** Connects to an endpoint of the route and relays, TCP to TCP. */
export function relayToRoute(options: RelayRouteOptions): void {
  const { plane, client, route, early, answersConnect } = options
  const endpoint = beginRelay(route)
  if (!(endpoint instanceof Endpoint)) {
    plane.metrics[options.direction].failure(endpoint.reason).add()
    if (answersConnect) refuseConnect(plane, client, endpoint)
    else client.reset()
    return
  }
  const upstream = plane.connect(endpoint.target, SILENT)
  plane.metrics[options.direction].relays.add()
  const { connectMillis } = route.policy
  const closed = (connected: boolean): void => endRelay(route, endpoint, connected)
  new Relay({ plane, client, upstream, connectMillis, answersConnect, closed })
  if (early.length > 0 && !upstream.write(early)) client.pause()
}

/** Hears nothing: for the moment between making a transport and giving it to its owner, and after that. */
export const SILENT: TransportOwner = {
  onConnect: () => undefined,
  onData: () => undefined,
  onDrain: () => undefined,
  onEnd: () => undefined,
  onClose: () => undefined,
}
