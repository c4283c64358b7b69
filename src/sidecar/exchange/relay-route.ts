import { REFUSALS } from '../http/refusal.ts'
import type { Transport, TransportOwner } from '../net/transport.ts'
import type { Route } from '../routing/route.ts'
import type { DataPlane } from './data-plane.ts'
import { Relay, refuseConnect } from './relay.ts'
import { type RelayOrigin, RelayRecord } from './relay-record.ts'

export interface RelayRouteOptions {
  readonly plane: DataPlane
  readonly origin: RelayOrigin
  readonly client: Transport
  readonly route: Route
  /** What the client has said already. */
  readonly early: Buffer
  readonly answersConnect: boolean
}

/** Connects to an endpoint of the route and relays, TCP to TCP. */
export function relayToRoute(options: RelayRouteOptions): void {
  const { plane, origin, client, route, early, answersConnect } = options
  const endpoint = route.balancer.next()
  const record = new RelayRecord(plane, origin, { route, endpoint })
  const counters = plane.metrics[origin.direction]
  if (endpoint === undefined) {
    counters.failure(REFUSALS.noEndpoints.reason).add()
    record.failed(REFUSALS.noEndpoints.text)
    record.end('')
    if (answersConnect) refuseConnect(plane, client, REFUSALS.noEndpoints)
    else client.reset()
    return
  }
  const upstream = plane.connect(endpoint.target, SILENT)
  counters.relays.add()
  endpoint.connections++
  const closed = (): void => void endpoint.connections--
  const relay = new Relay({ plane, client, upstream, record, answersConnect, closed })
  if (early.length > 0) relay.clientSaid(early)
}

/** Hears nothing: for the moment between making a transport and giving it to its owner, and after that. */
export const SILENT: TransportOwner = {
  onConnect: () => undefined,
  onData: () => undefined,
  onDrain: () => undefined,
  onEnd: () => undefined,
  onClose: () => undefined,
}
