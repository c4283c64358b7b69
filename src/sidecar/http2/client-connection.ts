import type { DataPlane } from '../exchange/data-plane.ts'
import { SILENT } from '../exchange/relay-route.ts'
import { NO_DEADLINE, type Timed } from '../net/deadlines.ts'
import { LOOP_FAILURE } from '../net/socket-transport.ts'
import type { Endpoint } from '../routing/endpoint.ts'
import type { Route } from '../routing/route.ts'
import type { UpstreamFailure } from '../routing/upstream-connection.ts'
import { Connection } from './connection.ts'
import { type ConnectionFault, NO_ERROR } from './error-code.ts'
import { LARGEST_STREAM_ID, PREFACE } from './frame.ts'
import { CLIENT_SETTINGS } from './settings.ts'
import type { Stream } from './stream.ts'

const IDLE_MILLIS = 30_000

/** Where it belongs. */
export interface ConnectionPool {
  readonly plane: DataPlane
  readonly endpoint: Endpoint
  /** On each connection, as the endpoint said last. */
  mostStreams: number
  /** There may be room for another stream. */
  onRoom(): void
  /** It takes no more streams. */
  remove(connection: ClientConnection): void
}

/** A connection to an endpoint, by prior knowledge that it speaks HTTP/2. */
export class ClientConnection extends Connection implements Timed {
  deadline: number
  protected readonly fromServer = true
  private readonly pool: ConnectionPool
  private readonly route: Route
  private nextId = 1
  private mostStreams: number
  private opened = 0
  /** It takes no more streams. */
  private closing = false

  constructor(pool: ConnectionPool, route: Route) {
    const { plane, endpoint } = pool
    super(plane.connect(endpoint.target, SILENT), plane.deadlines.after(0))
    this.pool = pool
    this.route = route
    this.mostStreams = pool.mostStreams
    this.transport.owner = this
    this.deadline = plane.deadlines.after(route.policy.connectMillis)
    endpoint.addConnection()
    plane.deadlines.add(this)
    this.output.raw(PREFACE)
    this.greet(CLIENT_SETTINGS)
  }

  get hasRoom(): boolean {
    return !this.closing && this.streams.size < this.mostStreams && this.nextId <= LARGEST_STREAM_ID
  }

  open(stream: Stream): void {
    this.openStream(stream, this.nextId)
    this.nextId += 2
    this.opened++
    if (this.transport.connected) this.deadline = NO_DEADLINE
    if (this.opened >= this.route.policy.maxRequestsPerConnection) this.retire()
  }

  /** What runs on it may end; nothing new begins. */
  retire(): void {
    if (this.over) return
    this.closing = true
    if (this.streams.size === 0) this.finish()
    else this.pool.remove(this)
  }

  protected now(): number {
    return this.pool.plane.deadlines.after(0)
  }

  protected listFor(): undefined {
    return undefined
  }

  protected opens(): boolean {
    return false
  }

  protected onFirstFields(): undefined {
    return undefined
  }

  protected isIdle(id: number): boolean {
    return id % 2 === 0 || id >= this.nextId
  }

  onMostStreams(most: number): void {
    this.mostStreams = most
    this.pool.mostStreams = most
    this.pool.onRoom()
  }

  protected onGoAway(lastId: number): void {
    this.closing = true
    const refused = [...this.streams.values()].filter(stream => stream.id > lastId)
    for (const stream of refused) this.abandon(stream)
    this.retire()
    this.tellLost(refused, 'unprocessed')
  }

  protected onPingAck(): void {}

  protected onStreamGone(): void {
    if (this.over) return
    if (this.streams.size === 0) {
      if (this.closing) {
        this.finish()
        return
      }
      if (this.transport.connected) this.rest()
    }
    this.pool.onRoom()
  }

  /** Nothing runs on it. */
  private rest(): void {
    const { deadlines, tables } = this.pool.plane
    // The other side is often a sidecar, which closes what is idle for the whole of this timeout.
    this.deadline = deadlines.after(Math.min(IDLE_MILLIS, tables.timeoutMillis / 2))
  }

  onDeadline(): void {
    const { counters } = this.route
    if (!this.transport.connected) {
      counters.connectTimeouts.add()
      this.lose('timeout')
    } else if (this.streams.size === 0) {
      counters.idleTimeouts.add()
      this.finish()
    }
  }

  onConnect(): void {
    if (this.streams.size === 0) this.rest()
    else this.deadline = NO_DEADLINE
  }

  onEnd(): void {
    this.lose('closed')
  }

  onClose(failure: string): void {
    if (failure === LOOP_FAILURE) this.lose('loop')
    else if (!this.transport.connected) this.failConnecting()
    else this.lose(failure === '' ? 'closed' : 'reset')
  }

  private failConnecting(): void {
    if (!this.over) this.route.counters.connectFailures.add()
    this.lose('connect')
  }

  protected onFault(fault: ConnectionFault): void {
    this.output.goAway(0, fault.code, fault.text)
    this.lose(this.greeted ? 'malformed' : 'not-http2')
  }

  /** Nothing runs on it any more. */
  private finish(): void {
    this.output.goAway(0, NO_ERROR, '')
    this.lose('closed')
  }

  private lose(failure: UpstreamFailure): void {
    if (this.over) return
    this.over = true
    this.closing = true
    this.output.flush()
    this.output.close()
    this.transport.destroy()
    const { plane, endpoint } = this.pool
    plane.deadlines.remove(this)
    this.pool.remove(this)
    const lost = this.takeStreams()
    endpoint.removeConnection()
    this.tellLost(lost, failure)
  }
}
