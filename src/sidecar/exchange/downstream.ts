import { BARE_LINE_FEED, Backlog, emptyLinesEnd, findHeadEnd } from '../http/backlog.ts'
import { BodyFraming } from '../http/body-framing.ts'
import { FAULTS, type HeadFault, LARGEST_HEAD, LARGEST_UNFINISHED, tooLarge } from '../http/head-fault.ts'
import { MessageHead } from '../http/message-head.ts'
import { REFUSALS, type Refusal } from '../http/refusal.ts'
import type { Held } from '../net/connections.ts'
import { NO_DEADLINE, type Timed } from '../net/deadlines.ts'
import type { Transport, TransportOwner } from '../net/transport.ts'
import { Closing } from './closing.ts'
import { http1ConnectAnswer } from './connect-answer.ts'
import type { DataPlane } from './data-plane.ts'
import type { Entry } from './entry.ts'
import { Exchange } from './exchange.ts'
import type { ExchangeClient } from './exchange-client.ts'
import { answerRefusedHead } from './refused-head.ts'
import { Relay } from './relay.ts'
import type { RelayRecord } from './relay-record.ts'

/** Requests that wait for the one before; the sender is stopped beyond. */
const MOST_WAITING_BYTES = 64 * 1024
/** A client that ends its side may still listen, or be gone: it gets the response that comes in this time. */
const HALF_CLOSED_MILLIS = 1000
/** From the first byte of a head to its last; a connection may be idle for longer. */
const HEAD_MILLIS = 60_000

/**
 * `head`: the next request is awaited. `body`: its head was taken. `wait`: it is complete, its response is not.
 * `full`: so much of the response waits for the client that no other is begun. `gone`: closed, or handed over.
 */
type State = 'head' | 'body' | 'wait' | 'full' | 'gone'

/** A connection that a client made, speaking HTTP/1. */
export class Downstream implements ExchangeClient, TransportOwner, Timed, Held {
  readonly transport: Transport
  readonly head: MessageHead = new MessageHead()
  readonly body: BodyFraming = new BodyFraming()
  deadline: number
  private readonly plane: DataPlane
  private readonly entry: Entry
  private readonly exchange: Exchange
  private readonly backlog = new Backlog()
  private state: State = 'head'
  private halfClosed = false
  private paused = false
  /** Heads are being read from the backlog: the reader goes on by itself when an exchange has ended. */
  private reading = false

  constructor(plane: DataPlane, transport: Transport, entry: Entry) {
    this.plane = plane
    this.transport = transport
    this.entry = entry
    this.exchange = new Exchange(plane, this, entry)
    this.deadline = plane.deadlines.after(plane.tables.timeoutMillis)
    plane.deadlines.add(this)
  }

  get busy(): boolean {
    return this.exchange.running
  }

  onConnect(): void {}

  onData(bytes: Buffer): void {
    switch (this.state) {
      case 'head':
        this.readHeads(bytes)
        return
      case 'body':
        this.readBody(bytes)
        return
      case 'wait':
      case 'full':
        this.backlog.append(bytes)
        if (this.backlog.length > MOST_WAITING_BYTES) this.pauseRequest()
        return
      default:
    }
  }

  private readHeads(lent: Buffer): void {
    if (this.backlog.length > 0) {
      this.backlog.append(lent)
      this.readBacklog()
      return
    }
    const start = emptyLinesEnd(lent)
    const end = findHeadEnd(lent, start)
    if (end < 0) {
      this.backlog.append(start === 0 ? lent : lent.subarray(start))
      // It may have begun at the end of a long pause.
      if (this.backlog.length > 0) this.touch(HEAD_MILLIS)
      this.awaitHead(end)
      return
    }
    this.reading = true
    this.readHead(lent, start, end)
    this.reading = false
    this.readBacklog()
  }

  /** Requests that came together are taken one after another; an exchange may end while it begins. */
  private readBacklog(): void {
    this.reading = true
    while (this.state === 'head' && this.backlog.length > 0) {
      this.backlog.dropEmptyLines()
      const end = this.backlog.findHeadEnd()
      if (end < 0) {
        this.awaitHead(end)
        break
      }
      this.readHead(this.backlog.take(), 0, end)
    }
    this.reading = false
  }

  private awaitHead(found: number): void {
    if (found === BARE_LINE_FEED) {
      this.refuseHead(FAULTS.bareLineFeed)
      return
    }
    if (this.backlog.length > LARGEST_UNFINISHED) {
      this.refuseHead(tooLarge(this.backlog.view(), 0))
    } else if (this.halfClosed) {
      this.end()
    }
  }

  private readHead(bytes: Buffer, start: number, end: number): void {
    if (end - start > LARGEST_HEAD) {
      this.refuseHead(tooLarge(bytes, start))
      return
    }
    const text = bytes.toString('latin1', start, end + 2)
    const fault = this.head.readRequest(text, this.plane.tables.tracing !== undefined)
    if (fault !== undefined) {
      this.refuseHead(fault, this.head.method === 'HEAD')
      return
    }
    const rest = bytes.subarray(end + 4)
    if (this.head.method === 'CONNECT') {
      this.handOver(rest)
      return
    }
    if (this.head.chunked) this.body.startChunked()
    else this.body.startLength(Math.max(0, this.head.contentLength))
    const to = this.body.consume(rest, 0)
    if (this.body.bad) {
      this.refuseHead(REFUSALS.requestMalformed, this.head.method === 'HEAD')
      return
    }
    this.state = this.body.done ? 'wait' : 'body'
    if (to < rest.length) this.backlog.append(rest.subarray(to))
    this.exchange.begin(to === rest.length ? rest : rest.subarray(0, to))
    if (this.halfClosed && this.state === 'body') this.exchange.fail(REFUSALS.requestTruncated)
  }

  private readBody(bytes: Buffer): void {
    const to = this.body.consume(bytes, 0)
    if (this.body.bad) {
      this.exchange.fail(REFUSALS.requestMalformed)
      return
    }
    if (this.body.done) this.state = 'wait'
    if (to < bytes.length) this.backlog.append(bytes.subarray(to))
    this.exchange.sendBody(to === bytes.length ? bytes : bytes.subarray(0, to))
  }

  private handOver(rest: Buffer): void {
    const { connect } = this.entry
    if (this.halfClosed) {
      this.end()
      return
    }
    if (connect === undefined) {
      this.refuseHead(REFUSALS.connectInbound)
      return
    }
    const { plane, transport, head } = this
    connect({ transport, head, rest: Buffer.from(rest), answer: http1ConnectAnswer(plane, transport) })
    this.leave()
  }

  /** Nothing after a head that was not understood can be trusted. */
  private refuseHead(fault: HeadFault | Refusal, headOnly = false): void {
    answerRefusedHead({ plane: this.plane, entry: this.entry, client: this.transport, fault, headOnly })
    this.end()
  }

  touch(mostMillis: number = NO_DEADLINE): void {
    const { deadlines, tables } = this.plane
    const millis = this.halfClosed ? HALF_CLOSED_MILLIS : Math.min(mostMillis, tables.timeoutMillis)
    this.deadline = Math.min(deadlines.after(millis), this.exchange.endBy)
  }

  pauseRequest(): void {
    if (this.paused) return
    this.paused = true
    this.transport.pause()
  }

  resumeRequest(): void {
    if (!this.paused) return
    this.paused = false
    this.transport.resume()
  }

  exchangeEnded(close: boolean): void {
    if (this.state === 'gone') return
    // What was sent before the end is still to be answered.
    const last = this.halfClosed && this.backlog.length === 0
    if (close || !this.body.done || last || this.plane.connections.draining) {
      this.end()
      return
    }
    this.state = 'full'
    if (this.exchange.responseHeld) this.touch()
    else this.awaitNext()
  }

  private awaitNext(): void {
    this.state = 'head'
    this.touch()
    this.resumeRequest()
    if (!this.reading) this.readBacklog()
  }

  exchangeBroken(): void {
    this.leave()
    this.transport.reset()
  }

  becomeRelay(upstream: Transport, rest: Buffer, record: RelayRecord, closed: () => void): void {
    const { plane, transport: client } = this
    const connectMillis = plane.tables.timeoutMillis
    const relay = new Relay({ plane, client, upstream, record, connectMillis, answer: undefined, closed })
    this.leave()
    if (this.backlog.length > 0) relay.clientSaid(this.backlog.take())
    if (rest.length > 0) relay.upstreamSaid(rest)
    if (this.halfClosed) relay.clientEnded()
    this.resumeRequest()
  }

  /** Our last word is written. */
  private end(): void {
    new Closing(this.plane, this.transport)
    this.leave()
  }

  /** The transport is closed, or somebody else's from now on. */
  private leave(): void {
    if (this.state === 'gone') return
    this.state = 'gone'
    this.plane.deadlines.remove(this)
    this.plane.connections.remove(this)
  }

  onDrain(): void {
    this.exchange.clientDrained()
    if (this.state === 'full') this.awaitNext()
  }

  onEnd(): void {
    this.halfClosed = true
    if (this.state === 'head' || (this.state === 'full' && this.backlog.length === 0)) this.end()
    else if (this.state === 'body') this.exchange.fail(REFUSALS.requestTruncated)
    else if (this.state === 'wait' || this.state === 'full') this.touch()
  }

  onClose(): void {
    this.leave()
    if (this.exchange.running) this.exchange.abort(REFUSALS.clientAborted)
  }

  onDeadline(): void {
    if (this.exchange.running) {
      if (this.halfClosed) this.cut()
      else if (this.deadline === this.exchange.endBy) this.exchange.runOut()
      else this.exchange.timeOut()
    } else if (this.state === 'full' && this.exchange.clientReads()) {
      this.touch()
    } else if (this.state === 'head' && this.backlog.length > 0) {
      this.refuseHead(REFUSALS.requestTimeout)
    } else {
      this.plane.metrics[this.entry.direction].idleClosed.add()
      this.cut()
    }
  }

  drain(): void {
    if (!this.exchange.running && this.state !== 'gone') this.end()
  }

  cut(): void {
    this.leave()
    if (this.exchange.running) {
      this.exchange.abort(this.halfClosed ? REFUSALS.clientAborted : REFUSALS.stopped)
    }
    this.transport.destroy()
  }
}
