import type { Held } from '../net/connections.ts'
import type { Timed } from '../net/deadlines.ts'
import type { Transport, TransportOwner } from '../net/transport.ts'
import type { Direction } from '../sidecar-metrics.ts'
import type { DataPlane } from './data-plane.ts'

/** A connection of which too little has come to know what it will be; whatever ends it, ends it at once. */
export abstract class Greeting implements TransportOwner, Held, Timed {
  readonly busy = false
  readonly deadline: number
  protected readonly plane: DataPlane
  protected readonly transport: Transport
  private readonly direction: Direction

  constructor(plane: DataPlane, transport: Transport, direction: Direction) {
    this.plane = plane
    this.transport = transport
    this.direction = direction
    this.deadline = plane.deadlines.after(plane.tables.timeoutMillis)
    transport.owner = this
    plane.deadlines.add(this)
    plane.connections.add(this)
  }

  abstract onData(lent: Buffer): void
  onConnect(): void {}
  onDrain(): void {}

  onEnd(): void {
    this.transport.destroy()
  }

  onClose(): void {
    this.leave()
  }

  onDeadline(): void {
    this.plane.metrics[this.direction].idleClosed.add()
    this.transport.destroy()
  }

  drain(): void {
    this.transport.destroy()
  }

  cut(): void {
    this.transport.destroy()
  }

  /** The connection is closed, or somebody else's from now on. */
  protected leave(): void {
    this.plane.deadlines.remove(this)
    this.plane.connections.remove(this)
  }
}
