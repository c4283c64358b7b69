import { authorityKey, splitAuthority } from '../http/authority.ts'
import { Backlog } from '../http/backlog.ts'
import { REFUSALS, type Refusal } from '../http/refusal.ts'
import { type ProxyLine, readProxyLine } from '../net/proxy-line.ts'
import type { Transport } from '../net/transport.ts'
import type { Route } from '../routing/route.ts'
import type { Tables } from '../routing/tables.ts'
import type { DataPlane } from './data-plane.ts'
import type { Addressed, Entry } from './entry.ts'
import { Greeting } from './greeting.ts'
import { greetHttp } from './http-greeting.ts'
import { relayToRoute } from './relay-route.ts'
import { Undecided } from './undecided.ts'

/** After this long without a PROXY line none will come, and a server that speaks first must be let speak. */
const PROXY_LINE_MILLIS = 50

/** Takes the connections that others make to this pod. */
export function createInboundAccept(plane: DataPlane): (transport: Transport) => void {
  return transport => void new InboundGreeting(plane, transport)
}

/** The beginning of an inbound connection, where a PROXY line may say for which port it is. */
class InboundGreeting extends Greeting {
  private readonly backlog = new Backlog()
  private window: NodeJS.Timeout | undefined

  constructor(plane: DataPlane, transport: Transport) {
    super(plane, transport, 'inbound')
    if (plane.tables.inbound.only?.protocol === 'tcp') {
      this.window = setTimeout(() => this.goOn(undefined, this.backlog.take()), PROXY_LINE_MILLIS)
    }
  }

  onData(lent: Buffer): void {
    if (this.backlog.length > 0) this.backlog.append(lent)
    const bytes = this.backlog.length > 0 ? this.backlog.view() : lent
    const found = readProxyLine(bytes)
    if (found.status === 'absent') this.goOn(undefined, bytes)
    else if (found.status === 'found') this.goOn(found.line, bytes.subarray(found.length))
    else if (found.status === 'malformed') this.transport.reset()
    else if (this.backlog.length === 0) this.backlog.append(lent)
  }

  private goOn(line: ProxyLine | undefined, bytes: Buffer): void {
    const { plane, transport } = this
    const port = line?.destination?.port
    const route = port === undefined ? plane.tables.inbound.only : plane.tables.inbound.byPort.get(port)
    const entry = inboundEntry(transport, line, port)
    if (route?.protocol === 'tcp') {
      relayToRoute({ plane, origin: entry, client: transport, route, early: bytes, answer: undefined })
      this.leave()
      return
    }
    // Another sidecar relays whatever its app says, without knowing what this port is for.
    if (port !== undefined && route !== undefined) {
      new Undecided({ plane, client: transport, route, entry }).begin(bytes)
      this.leave()
      return
    }
    greetHttp(plane, transport, entry, bytes)
    this.leave()
  }

  protected override leave(): void {
    clearTimeout(this.window)
    super.leave()
  }
}

function inboundEntry(transport: Transport, line: ProxyLine | undefined, port: number | undefined): Entry {
  return {
    direction: 'inbound',
    find: (head, tables) => findInbound(head, tables, port),
    connect: undefined,
    clientAddress: line?.source?.address ?? transport.remoteAddress,
    clientPort: line?.source?.port ?? transport.remotePort,
  }
}

function findInbound(head: Addressed, tables: Tables, port: number | undefined): Route | Refusal {
  const { byPort, only } = tables.inbound
  if (port !== undefined) return byPort.get(port) ?? REFUSALS.unknownPort
  if (only !== undefined) return only
  if (head.host === '') return REFUSALS.unknownPort
  return byPort.get(splitAuthority(authorityKey(head.host)).port) ?? REFUSALS.unknownPort
}
