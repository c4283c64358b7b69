import { REFUSALS } from '../http/refusal.ts'
import type { Transport, TransportOwner } from '../net/transport.ts'
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
  const endpoint = route.balancer.next()
  if (endpoint === undefined) {
    plane.metrics[options.direction].failure(REFUSALS.noEndpoints.reason).add()
    if (answersConnect) refuseConnect(plane, client, REFUSALS.noEndpoints)
    else client.reset()
    return
  }
  const upstream = plane.connect(endpoint.target, SILENT)
  plane.metrics[options.direction].relays.add()
  endpoint.connections++
  new Relay({ plane, client, upstream, answersConnect, closed: () => void endpoint.connections-- })
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
