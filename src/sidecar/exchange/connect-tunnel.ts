import type { DataPlane } from './data-plane.ts'
import type { ConnectRequest, Entry } from './entry.ts'
import { CONNECT_ANSWER, refuseConnect } from './relay.ts'
import { relayToRoute } from './relay-route.ts'
import { Undecided } from './undecided.ts'

/** Takes CONNECT: what comes inside may be plain HTTP or anything else. */
export function openTunnel(plane: DataPlane, request: ConnectRequest): void {
  const { transport: client, authority, rest } = request
  const route = plane.tables.outbound.find(authority)
  if (route.kind === 'refusal') {
    plane.metrics.outbound.failure(route.reason).add()
    refuseConnect(plane, client, route)
  } else if (route.protocol === 'tcp') {
    relayToRoute({ plane, direction: 'outbound', client, route, early: rest, answersConnect: true })
  } else {
    client.writeText(CONNECT_ANSWER)
    new Undecided({ plane, client, route, entry: tunnelEntry(authority) }).begin(rest)
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
