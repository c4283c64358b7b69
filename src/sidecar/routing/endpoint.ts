import type { ConnectTarget } from '../net/socket-transport.ts'
import { asciiJson } from '../tracing/latin1-text.ts'
import type { StreamPool } from './stream-pool.ts'
import type { UpstreamConnection } from './upstream-connection.ts'
import { WaitingLine } from './waiting-line.ts'

export interface EndpointOptions {
  /** `address:port`, as the tag `peer.address` has it. */
  readonly name: string
  readonly address: string
  readonly port: number
  /** Where to connect. */
  readonly target: ConnectTarget
}

const MOST_IDLE = 128

/**
 * One place that requests are sent to, and its connections. It outlives configurations: the same place in the next one
 * is the same endpoint.
 */
export class Endpoint {
  readonly name: string
  /** The same as spans have it. */
  readonly nameJson: string
  readonly address: string
  readonly port: number
  readonly target: ConnectTarget
  /** Open connections, idle ones too. */
  connections = 0
  /** Connections that carry many requests at a time; undefined: none was ever wanted. */
  multiplexed: StreamPool | undefined
  /** Requests that run here or wait for it, of all routes. */
  active = 0
  /** Failures since the last success. */
  failuresInRow = 0
  /** In monotonic milliseconds; 0: not ejected. */
  ejectedUntil = 0
  timesEjected = 0
  lastEjectedUntil = 0
  /** No configuration names it any more. */
  retired = false
  /** Requests that each want a connection for themselves. */
  readonly line: WaitingLine = new WaitingLine()
  private readonly idle: UpstreamConnection[] = []

  constructor(options: EndpointOptions) {
    this.name = options.name
    this.nameJson = asciiJson(options.name)
    this.address = options.address
    this.port = options.port
    this.target = options.target
  }

  get idleConnections(): number {
    return this.idle.length
  }

  /** The one used last, so that those too many grow old and go. */
  takeIdle(): UpstreamConnection | undefined {
    return this.idle.pop()
  }

  /** False: not kept, because there are enough or the endpoint is gone. */
  offerIdle(connection: UpstreamConnection): boolean {
    if (this.retired || this.idle.length >= MOST_IDLE) return false
    this.idle.push(connection)
    this.line.callOne()
    return true
  }

  removeIdle(connection: UpstreamConnection): void {
    const at = this.idle.lastIndexOf(connection)
    if (at >= 0) this.idle.splice(at, 1)
  }

  /** One more connection is open, or about to be. */
  addConnection(): void {
    this.connections++
  }

  removeConnection(): void {
    this.connections--
    this.line.callOne()
    this.multiplexed?.onRoom()
  }

  /** Looks at the clock only where there is something to look for. */
  isEjected(now: number): boolean {
    if (this.ejectedUntil === 0) return false
    if (this.ejectedUntil > now) return true
    this.ejectedUntil = 0
    return false
  }

  /** Running exchanges go on; their connections are not kept. Who waits looks for another endpoint. */
  retire(): void {
    this.retired = true
    for (const connection of this.idle.splice(0)) connection.discard()
    this.multiplexed?.retire()
    this.line.dismiss()
  }
}
