import { REFUSALS, type Refusal } from '../http/refusal.ts'
import type { Held } from '../net/connections.ts'
import { NO_DEADLINE, type Timed } from '../net/deadlines.ts'
import { LOOP_FAILURE } from '../net/socket-transport.ts'
import type { Transport, TransportOwner } from '../net/transport.ts'
import type { ConnectAnswer } from './connect-answer.ts'
import type { DataPlane } from './data-plane.ts'
import type { RelayRecord } from './relay-record.ts'

export interface RelayOptions {
  readonly plane: DataPlane
  readonly client: Transport
  /** May still be connecting. */
  readonly upstream: Transport
  readonly record: RelayRecord
  /** Of a client that waits for an answer to its CONNECT, which depends on whether the upstream can be reached. */
  readonly answer: ConnectAnswer | undefined
  /** How long connecting may take. */
  readonly connectMillis: number
  /** Called once both sides are closed. `connected`: the endpoint was reached. */
  readonly closed: (connected: boolean) => void
}

const TIMEOUT_FAILURE = 'ETIMEDOUT'
const CLIENT_GONE = 'the client went away before the endpoint could be reached'

/**
 * Carries bytes to and fro between two connections and looks at nothing. Each side may end while the other goes on.
 * Once connected there is no timeout: a pooled database connection may say nothing for hours. A side that has ended
 * may be gone altogether, so from then on the other must keep moving.
 */
export class Relay implements Held, Timed {
  readonly busy = false
  deadline: number = NO_DEADLINE
  private readonly options: RelayOptions
  private readonly clientSide: RelaySide
  private readonly upstreamSide: RelaySide
  private open = 2
  private broken = false
  private half = false

  constructor(options: RelayOptions) {
    const { plane, client, upstream } = options
    this.options = options
    this.clientSide = new RelaySide(this, client, upstream)
    client.owner = this.clientSide
    this.upstreamSide = new RelaySide(this, upstream, client)
    upstream.owner = this.upstreamSide
    plane.connections.add(this)
    if (!upstream.connected) this.limit(options.connectMillis)
  }

  private limit(most = Number.POSITIVE_INFINITY): void {
    const { deadlines, tables } = this.options.plane
    this.deadline = deadlines.after(Math.min(most, tables.timeoutMillis))
    deadlines.add(this)
  }

  sideEnded(): void {
    this.half = true
    if (this.open > 0) this.limit()
  }

  moved(side: RelaySide, bytes: Buffer): void {
    const { record } = this.options
    if (side === this.clientSide) record.clientSaid(bytes)
    else record.serverSaid(bytes)
    if (this.half) this.limit()
  }

  /** What was said before the relay began. */
  clientSaid(bytes: Buffer): void {
    this.clientSide.onData(bytes)
  }

  upstreamSaid(bytes: Buffer): void {
    this.upstreamSide.onData(bytes)
  }

  /** For a side that had ended before the relay began. */
  clientEnded(): void {
    this.clientSide.onEnd()
  }

  upstreamEnded(): void {
    this.upstreamSide.onEnd()
  }

  connected(): void {
    if (!this.half) this.options.plane.deadlines.remove(this)
    this.options.answer?.accept()
  }

  /** In good order only where both directions had ended; the other side then closes when all is written. */
  closed(side: RelaySide, failure: string): void {
    if (failure !== '') this.break(failure, side === this.upstreamSide)
    this.sideGone()
  }

  onDeadline(): void {
    this.break(TIMEOUT_FAILURE, true)
  }

  drain(): void {}

  cut(): void {
    this.broken = true
    this.options.record.failed(REFUSALS.stopped.text)
    this.options.client.destroy()
    this.options.upstream.destroy()
  }

  private break(failure: string, byUpstream: boolean): void {
    if (this.broken) return
    this.broken = true
    const { client, upstream, record, answer } = this.options
    record.failed(this.errorOf(failure, byUpstream))
    const unanswered = !upstream.connected && byUpstream
    upstream.reset()
    if (!unanswered || answer === undefined) {
      client.reset()
      return
    }
    answer.refuse(refusalOf(failure))
    this.sideGone()
  }

  private errorOf(failure: string, byUpstream: boolean): string {
    if (!this.options.upstream.connected) return byUpstream ? refusalOf(failure).text : CLIENT_GONE
    if (failure === TIMEOUT_FAILURE && this.half) return 'one side had ended, and the other said nothing more'
    return byUpstream ? REFUSALS.upstreamReset.text : 'the client reset the connection'
  }

  private sideGone(): void {
    this.open--
    if (this.open > 0) return
    const { plane, upstream, record, closed } = this.options
    record.end(upstream.remoteAddress)
    plane.deadlines.remove(this)
    plane.connections.remove(this)
    closed(upstream.connected)
  }
}

function refusalOf(failure: string): Refusal {
  if (failure === LOOP_FAILURE) return REFUSALS.loop
  return failure === TIMEOUT_FAILURE ? REFUSALS.connectTimeout : REFUSALS.connectFailed
}

/** One direction: what `from` says is written to `to`. */
class RelaySide implements TransportOwner {
  private readonly relay: Relay
  private readonly from: Transport
  private readonly to: Transport
  private ended = false

  constructor(relay: Relay, from: Transport, to: Transport) {
    this.relay = relay
    this.from = from
    this.to = to
  }

  onConnect(): void {
    this.relay.connected()
  }

  onData(bytes: Buffer): void {
    this.relay.moved(this, bytes)
    if (!this.to.write(bytes)) this.from.pause()
  }

  /** `from` has taken what was written to it: who writes to it may go on. */
  onDrain(): void {
    this.to.resume()
  }

  onEnd(): void {
    if (this.ended) return
    this.ended = true
    this.relay.sideEnded()
    this.to.end()
  }

  onClose(failure: string): void {
    this.relay.closed(this, failure)
  }
}
