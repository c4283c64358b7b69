import { Backlog } from '../http/backlog.ts'
import { beginsWithMethod, detectHttp } from '../http/http-detection.ts'
import { REFUSALS, type Refusal } from '../http/refusal.ts'
import type { Held } from '../net/connections.ts'
import type { Transport, TransportOwner } from '../net/transport.ts'
import { beginRelay, endRelay } from '../routing/attempt.ts'
import { Endpoint } from '../routing/endpoint.ts'
import type { Route } from '../routing/route.ts'
import type { DataPlane } from './data-plane.ts'
import type { Entry } from './entry.ts'
import { greetHttp } from './http-greeting.ts'
import { Relay } from './relay.ts'
import { RelayRecord } from './relay-record.ts'
import { SILENT } from './relay-route.ts'

/**
 * A client that means HTTP or TLS speaks at once, and says enough to be understood. When nothing has come for this
 * long, the server may be the one to speak first (SMTP, MySQL): it is connected to, so that it can. When too little has
 * come, what it looks like decides: the client may wait for an answer to it. Longer would delay those.
 */
const CLIENT_FIRST_MILLIS = 50

export interface UndecidedOptions {
  readonly plane: DataPlane
  readonly client: Transport
  readonly route: Route
  /** What the requests mean, if it is HTTP. */
  readonly entry: Entry
}

/** A connection of which nobody knows yet what it will carry: plain HTTP, which is traced like any other, or anything else. */
export class Undecided implements TransportOwner, Held {
  readonly busy = false
  private readonly options: UndecidedOptions
  private readonly backlog = new Backlog()
  private window: NodeJS.Timeout | undefined
  private upstream: Transport | undefined
  private endpoint: Endpoint | undefined

  constructor(options: UndecidedOptions) {
    this.options = options
  }

  begin(rest: Buffer): void {
    const { plane, client } = this.options
    client.owner = this
    plane.connections.add(this)
    if (rest.length > 0) this.onData(rest)
    else this.awaitMore()
  }

  onConnect(): void {}
  onDrain(): void {}

  onData(bytes: Buffer): void {
    this.backlog.append(bytes)
    const detected = detectHttp(this.backlog.view())
    if (detected === 'http') this.becomeHttp()
    else if (detected === 'other') this.becomeRelay()
    else this.awaitMore()
  }

  private awaitMore(): void {
    this.window ??= setTimeout(() => {
      this.window = undefined
      this.decide()
    }, CLIENT_FIRST_MILLIS)
  }

  private decide(): void {
    if (this.backlog.length === 0) this.connect()
    else if (beginsWithMethod(this.backlog.view())) this.becomeHttp()
    else this.becomeRelay()
  }

  /** Who ends without having spoken may still listen. */
  onEnd(): void {
    this.becomeRelay()?.clientEnded()
  }

  onClose(): void {
    this.leave()
    this.forgetUpstream()
  }

  drain(): void {}

  cut(): void {
    this.options.client.destroy()
  }

  private connect(): Transport | undefined {
    if (this.upstream !== undefined) return this.upstream
    const { plane, route } = this.options
    const endpoint = beginRelay(route)
    if (!(endpoint instanceof Endpoint)) {
      plane.metrics[this.options.entry.direction].failure(endpoint.reason).add()
      this.unreachable(endpoint)
      return undefined
    }
    this.endpoint = endpoint
    this.upstream = plane.connect(endpoint.target, {
      ...SILENT,
      onData: bytes => this.serverSpoke(bytes),
      onEnd: () => this.becomeRelay()?.upstreamEnded(),
      onClose: () => this.upstreamGone(),
    })
    return this.upstream
  }

  private upstreamGone(): void {
    const reached = this.upstream?.connected === true
    this.unreachable(reached ? REFUSALS.upstreamReset : REFUSALS.connectFailed)
  }

  /** Nobody knows what the client would have said. */
  private unreachable(refusal: Refusal): void {
    const { plane, client, route, entry } = this.options
    const record = new RelayRecord(plane, entry, { route, endpoint: this.endpoint })
    record.failed(refusal.text)
    record.end('')
    this.forgetUpstream(refusal !== REFUSALS.connectFailed)
    client.reset()
  }

  private serverSpoke(bytes: Buffer): void {
    this.becomeRelay()?.upstreamSaid(bytes)
  }

  private becomeHttp(): void {
    const { plane, client, entry } = this.options
    this.leave()
    this.forgetUpstream()
    greetHttp(plane, client, entry, this.backlog.take())
  }

  private becomeRelay(): Relay | undefined {
    const { plane, client, entry, route } = this.options
    const upstream = this.connect()
    const { endpoint } = this
    if (upstream === undefined || endpoint === undefined) return undefined
    plane.metrics[entry.direction].relays.add()
    const { connectMillis } = route.policy
    const closed = (connected: boolean): void => endRelay(route, endpoint, connected)
    const record = new RelayRecord(plane, entry, { route, endpoint, onlyIfUsed: true })
    const relay = new Relay({ plane, client, upstream, record, connectMillis, answer: undefined, closed })
    this.leave()
    if (this.backlog.length > 0) relay.clientSaid(this.backlog.take())
    return relay
  }

  /** It was connected to in vain. */
  private forgetUpstream(reached = true): void {
    const { upstream, endpoint } = this
    if (upstream === undefined || endpoint === undefined) return
    this.upstream = undefined
    upstream.owner = SILENT
    upstream.destroy()
    endRelay(this.options.route, endpoint, reached)
  }

  private leave(): void {
    clearTimeout(this.window)
    this.options.plane.connections.remove(this)
  }
}
