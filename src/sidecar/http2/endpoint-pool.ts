import type { DataPlane } from '../exchange/data-plane.ts'
import type { Endpoint } from '../routing/endpoint.ts'
import type { Route } from '../routing/route.ts'
import type { StreamPool } from '../routing/stream-pool.ts'
import { WaitingLine } from '../routing/waiting-line.ts'
import { ClientConnection, type ConnectionPool } from './client-connection.ts'

/** What a server should allow at least (RFC 9113 6.5.2). */
const USUAL_MOST_STREAMS = 100

/** The HTTP/2 connections to one endpoint. */
export class EndpointPool implements StreamPool, ConnectionPool {
  readonly plane: DataPlane
  readonly endpoint: Endpoint
  /** A new one has not heard yet what the others have. */
  mostStreams: number = USUAL_MOST_STREAMS
  /** Requests that each want a stream. */
  readonly line: WaitingLine = new WaitingLine()
  private readonly connections: ClientConnection[] = []

  constructor(plane: DataPlane, endpoint: Endpoint) {
    this.plane = plane
    this.endpoint = endpoint
  }

  /** The first with room, so that those not needed grow idle and go. */
  take(): ClientConnection | undefined {
    for (const connection of this.connections) if (connection.hasRoom) return connection
    return undefined
  }

  /** A new one; whether it may be is for the caller to know. */
  open(route: Route): ClientConnection {
    const made = new ClientConnection(this, route)
    this.connections.push(made)
    return made
  }

  onRoom(): void {
    this.line.call()
  }

  remove(connection: ClientConnection): void {
    const at = this.connections.indexOf(connection)
    if (at >= 0) this.connections.splice(at, 1)
  }

  /** What runs goes on, and nothing is kept after it. */
  retire(): void {
    for (const connection of [...this.connections]) connection.retire()
    this.line.dismiss()
  }
}

export function poolOf(plane: DataPlane, endpoint: Endpoint): EndpointPool {
  const { multiplexed } = endpoint
  if (multiplexed instanceof EndpointPool) return multiplexed
  const pool = new EndpointPool(plane, endpoint)
  endpoint.multiplexed = pool
  return pool
}
