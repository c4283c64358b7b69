import { REFUSALS } from '../http/refusal.ts'
import type { Transport } from '../net/transport.ts'
import { openTunnel } from './connect-tunnel.ts'
import type { DataPlane } from './data-plane.ts'
import type { Entry } from './entry.ts'
import { greetHttp } from './http-greeting.ts'

const NOTHING_YET = Buffer.alloc(0)

/** Takes the connections that the app makes to its sidecar: absolute form, CONNECT, and origin form with Host. */
export function createOutboundAccept(plane: DataPlane): (transport: Transport) => void {
  const entry: Entry = {
    direction: 'outbound',
    // The head has put the authority of its target there, where it had one.
    find: (head, tables) => (head.host === '' ? REFUSALS.noAuthority : tables.outbound.find(head.host)),
    connect: request => openTunnel(plane, request),
    clientAddress: '',
    clientPort: 0,
  }
  return transport => greetHttp(plane, transport, entry, NOTHING_YET)
}
