import type { EndpointPool } from '../http2/endpoint-pool.ts'
import type { ConnectTarget } from '../net/socket-transport.ts'
import { asciiJson } from '../tracing/latin1-text.ts'
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

/** A request that waits until a connection to the endpoint is free, or one more may be made. */
export interface Waiter {
  /** It takes what is free and waits no more. False: that is not for it, and it stays the first. */
  onRoom(): boolean
}

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
  private readonly idle: UpstreamConnection[] = []
  /** Who came first is first. */
  private readonly waiting: Waiter[] = []

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
    if (this.waiting.length > 0) this.callWaiter()
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
    if (this.waiting.length > 0) this.callWaiter()
  }

  /** Looks at the clock only where there is something to look for. */
  isEjected(now: number): boolean {
    if (this.ejectedUntil === 0) return false
    if (this.ejectedUntil > now) return true
    this.ejectedUntil = 0
    return false
  }

  wait(waiter: Waiter): void {
    this.waiting.push(waiter)
  }

  /** It waits no more. */
  leave(waiter: Waiter): void {
    const at = this.waiting.indexOf(waiter)
    if (at >= 0) this.waiting.splice(at, 1)
  }

  private callWaiter(): void {
    const first = this.waiting.shift()
    if (first !== undefined && !first.onRoom()) this.waiting.unshift(first)
  }

  /** Running exchanges go on; their connections are not kept. Who waits looks for another endpoint. */
  retire(): void {
    this.retired = true
    for (const connection of this.idle.splice(0)) connection.discard()
    this.multiplexed?.retire()
    for (const waiter of this.waiting.splice(0)) waiter.onRoom()
  }
}
