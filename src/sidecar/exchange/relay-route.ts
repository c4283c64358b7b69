import type { Transport, TransportOwner } from '../net/transport.ts'
import { beginRelay, endRelay } from '../routing/attempt.ts'
import { Endpoint } from '../routing/endpoint.ts'
import type { Route } from '../routing/route.ts'
import type { ConnectAnswer } from './connect-answer.ts'
import type { DataPlane } from './data-plane.ts'
import { Relay } from './relay.ts'
import { type RelayOrigin, RelayRecord } from './relay-record.ts'

export interface RelayRouteOptions {
  readonly plane: DataPlane
  readonly origin: RelayOrigin
  readonly client: Transport
  readonly route: Route
  /** What the client has said already. */
  readonly early: Buffer
  readonly answer: ConnectAnswer | undefined
}

/** Connects to an endpoint of the route and relays, TCP to TCP. */
export function relayToRoute(options: RelayRouteOptions): void {
  const { plane, origin, client, route, early, answer } = options
  const endpoint = beginRelay(route)
  const counters = plane.metrics[origin.direction]
  if (!(endpoint instanceof Endpoint)) {
    const record = new RelayRecord(plane, origin, { route, endpoint: undefined })
    counters.failure(endpoint.reason).add()
    record.failed(endpoint.text)
    record.end('')
    if (answer === undefined) client.reset()
    else answer.refuse(endpoint)
    return
  }
  const upstream = plane.connect(endpoint.target, SILENT)
  const record = new RelayRecord(plane, origin, { route, endpoint })
  counters.relays.add()
  const { connectMillis } = route.policy
  const closed = (connected: boolean): void => endRelay(route, endpoint, connected)
  const relay = new Relay({ plane, client, upstream, record, connectMillis, answer, closed })
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
