import type { Held } from '../net/connections.ts'
import type { Timed } from '../net/deadlines.ts'
import type { Transport, TransportOwner } from '../net/transport.ts'
import type { DataPlane } from './data-plane.ts'

const LINGER_MILLIS = 1000

/**
 * A connection whose last word was written. What the other side still sends is read and thrown away for a moment:
 * closing at once could destroy that last word. A slow reader gets all of it, as long as it reads.
 */
export class Closing implements TransportOwner, Timed, Held {
  readonly busy = false
  deadline = 0
  private readonly plane: DataPlane
  private readonly transport: Transport
  private unsent = 0

  constructor(plane: DataPlane, transport: Transport) {
    this.plane = plane
    this.transport = transport
    transport.owner = this
    plane.connections.add(this)
    plane.deadlines.add(this)
    transport.end()
    transport.resume()
    this.wait()
  }

  private wait(): void {
    this.unsent = this.transport.unsent
    const millis = this.unsent > 0 ? this.plane.tables.timeoutMillis : LINGER_MILLIS
    this.deadline = this.plane.deadlines.after(millis)
  }

  onConnect(): void {}
  onData(): void {}
  onDrain(): void {}
  onEnd(): void {}

  onClose(): void {
    this.plane.deadlines.remove(this)
    this.plane.connections.remove(this)
  }

  onDeadline(): void {
    if (this.transport.unsent < this.unsent) this.wait()
    else this.transport.destroy()
  }

  drain(): void {}

  cut(): void {
    this.transport.destroy()
  }
}
