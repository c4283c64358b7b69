import type { EndpointPool } from '../http2/endpoint-pool.ts'
import type { ConnectTarget } from '../net/socket-transport.ts'
import type { UpstreamConnection } from './upstream-connection.ts'

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
  multiplexed: EndpointPool | undefined
  private readonly idle: UpstreamConnection[] = []
  private retired = false

  constructor(options: EndpointOptions) {
    this.name = options.name
    this.nameJson = JSON.stringify(options.name)
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
    return true
  }

  removeIdle(connection: UpstreamConnection): void {
    const at = this.idle.lastIndexOf(connection)
    if (at >= 0) this.idle.splice(at, 1)
  }

  /** No configuration names it any more. Running exchanges go on; their connections are not kept. */
  retire(): void {
    this.retired = true
    for (const connection of this.idle.splice(0)) connection.discard()
    this.multiplexed?.retire()
  }
}
