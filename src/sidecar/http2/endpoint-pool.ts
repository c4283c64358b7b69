import type { DataPlane } from '../exchange/data-plane.ts'
import type { Endpoint } from '../routing/endpoint.ts'
import { ClientConnection } from './client-connection.ts'

/** Each carries as many streams as its server allows, usually 100 or more. */
const MOST_CONNECTIONS = 16
const MOST_WAITING = 1000
/** What a server should allow at least (RFC 9113 6.5.2). */
const USUAL_MOST_STREAMS = 100

/** Somebody who waits for a connection with room for one more stream. */
export interface PoolUser {
  onConnection(connection: ClientConnection): void
}

/** The HTTP/2 connections to one endpoint. */
export class EndpointPool {
  readonly plane: DataPlane
  readonly endpoint: Endpoint
  /** On each connection, as the endpoint said last: a new one has not heard it yet. */
  mostStreams: number = USUAL_MOST_STREAMS
  private readonly connections: ClientConnection[] = []
  private readonly waiting: Set<PoolUser> = new Set()
  private retired = false

  constructor(plane: DataPlane, endpoint: Endpoint) {
    this.plane = plane
    this.endpoint = endpoint
  }

  /** The first with room, so that those not needed grow idle and go. Undefined: all are full, and there are enough. */
  take(): ClientConnection | undefined {
    for (const connection of this.connections) if (connection.hasRoom) return connection
    if (this.connections.length >= MOST_CONNECTIONS) return undefined
    const made = new ClientConnection(this)
    this.connections.push(made)
    if (this.retired) made.retire()
    return made
  }

  /** False: too many wait already. */
  wait(user: PoolUser): boolean {
    if (this.waiting.size >= MOST_WAITING) return false
    this.waiting.add(user)
    return true
  }

  leave(user: PoolUser): void {
    this.waiting.delete(user)
  }

  /** Some connection may have room. */
  serve(): void {
    for (const user of this.waiting) {
      const connection = this.take()
      if (connection === undefined) return
      this.waiting.delete(user)
      user.onConnection(connection)
    }
  }

  /** It takes no more streams. */
  remove(connection: ClientConnection): void {
    const at = this.connections.indexOf(connection)
    if (at >= 0) this.connections.splice(at, 1)
    this.serve()
  }

  /** No configuration names the endpoint any more: what runs goes on, and nothing is kept after it. */
  retire(): void {
    this.retired = true
    for (const connection of [...this.connections]) connection.retire()
  }
}

export function poolOf(plane: DataPlane, endpoint: Endpoint): EndpointPool {
  const pool = endpoint.multiplexed ?? new EndpointPool(plane, endpoint)
  endpoint.multiplexed = pool
  return pool
}
