import { extractContext } from '../../wire/propagation.ts'
import type { DataPlane } from './data-plane.ts'
import type { ConnectHead, ConnectRequest, Entry } from './entry.ts'
import { RelayRecord } from './relay-record.ts'
import { relayToRoute } from './relay-route.ts'
import { Undecided } from './undecided.ts'

/** Takes CONNECT: what comes inside may be plain HTTP or anything else. */
export function openTunnel(plane: DataPlane, request: ConnectRequest): void {
  const { transport: client, head, rest, answer } = request
  const route = plane.tables.outbound.find(head.authority)
  const entry = tunnelEntry(head)
  if (route.kind === 'refusal') {
    plane.metrics.outbound.failure(route.reason).add()
    const record = new RelayRecord(plane, entry, { route: undefined, endpoint: undefined })
    record.failed(route.text)
    record.end('')
    answer.refuse(route)
  } else if (route.protocol === 'tcp') {
    relayToRoute({ plane, origin: entry, client, route, early: rest, answer })
  } else {
    answer.accept()
    new Undecided({ plane, client, route, entry }).begin(rest)
  }
}

/** Where the tunnel leads decides, whatever the Host headers inside say. */
function tunnelEntry({ authority, trace }: ConnectHead): Entry {
  return {
    direction: 'outbound',
    find: (_, tables) => tables.outbound.find(authority),
    connect: undefined,
    clientAddress: '',
    clientPort: 0,
    request: { authority, context: extractContext(trace), protocol: '' },
  }
}
