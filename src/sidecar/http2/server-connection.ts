import { Closing } from '../exchange/closing.ts'
import type { DataPlane } from '../exchange/data-plane.ts'
import type { Entry } from '../exchange/entry.ts'
import { REFUSALS, type Refusal } from '../http/refusal.ts'
import type { Held } from '../net/connections.ts'
import type { Timed } from '../net/deadlines.ts'
import type { Transport } from '../net/transport.ts'
import { createConnectStream } from './connect-stream.ts'
import { Connection } from './connection.ts'
import {
  CONNECTION_FAULTS,
  type ConnectionFault,
  NO_ERROR,
  PROTOCOL_ERROR,
  REFUSED_STREAM,
} from './error-code.ts'
import { Http2Exchange } from './exchange.ts'
import type { ExchangeHome } from './exchange-course.ts'
import { LARGEST_STREAM_ID, PREFACE } from './frame.ts'
import type { FieldList } from './hpack/field-list.ts'
import { MOST_STREAMS, SERVER_SETTINGS } from './settings.ts'
import type { StreamFailure } from './stream.ts'

/** A client that heard that we go has this long to say that it did. */
const FAREWELL_MILLIS = 1000
/** A client that ends its side may still wait for responses, or be gone: nobody can tell. */
const HALF_CLOSED_MILLIS = 1000
const NOTHING = Buffer.alloc(0)
const FAREWELL = Buffer.from('farewell')

const MALFORMED = { status: 0, reason: 'bad-request', text: 'malformed request' }

/** `open`; `leaving`: the client was told, and what it sent before it heard is still taken; `last`: nothing is. */
type State = 'open' | 'leaving' | 'last'

/** A connection that a client made, speaking HTTP/2. */
export class ServerConnection extends Connection implements Held, Timed, ExchangeHome {
  deadline: number
  protected readonly fromServer = false
  private readonly plane: DataPlane
  private readonly entry: Entry
  private readonly idle: Http2Exchange[] = []
  /** The one that a head is just read for. */
  private next: Http2Exchange | undefined
  private prefaceRead = 0
  private lastId = 0
  private state: State = 'open'
  private halfClosed = false
  /** The client is to go when its first request is here. */
  private discouraged = false

  constructor(plane: DataPlane, transport: Transport, entry: Entry) {
    super(transport, plane.deadlines.after(0))
    this.plane = plane
    this.entry = entry
    this.deadline = plane.deadlines.after(plane.tables.timeoutMillis)
    plane.deadlines.add(this)
    this.greet(SERVER_SETTINGS)
  }

  get busy(): boolean {
    return this.streams.size > 0
  }

  override onData(bytes: Buffer): void {
    if (this.over) return
    const left = PREFACE.length - this.prefaceRead
    if (left === 0) {
      if (this.streams.size === 0 && !this.reader.partial) this.touch()
      this.reader.read(bytes, 0)
      return
    }
    const length = Math.min(left, bytes.length)
    if (PREFACE.compare(bytes, 0, length, this.prefaceRead, this.prefaceRead + length) !== 0) {
      this.onFault(CONNECTION_FAULTS.preface)
      return
    }
    this.prefaceRead += length
    if (bytes.length > length) this.reader.read(bytes, length)
  }

  protected now(): number {
    return this.plane.deadlines.after(0)
  }

  protected isIdle(id: number): boolean {
    return id % 2 === 0 || id > this.lastId
  }

  protected opens(id: number): boolean {
    return id > this.lastId && id % 2 === 1
  }

  protected listFor(id: number): FieldList | undefined {
    if (!this.opens(id) || this.streams.size >= MOST_STREAMS) return undefined
    this.next ??= this.idle.pop() ?? new Http2Exchange(this.plane, this.entry, this)
    return this.next.head.fields
  }

  protected onFirstFields(id: number, fields: FieldList, end: boolean): ConnectionFault | undefined {
    const exchange = this.next
    this.lastId = id
    if (this.state === 'last' || exchange === undefined || exchange.head.fields !== fields) {
      this.count(this.state === 'last' ? REFUSALS.stopped.reason : 'http2-too-many-streams')
      this.output.reset(id, REFUSED_STREAM)
      return this.guard.onStray(this.now())
    }
    const { head, down } = exchange
    const good = head.read() || fields.overflow !== ''
    if (!good || (end && head.contentLength > 0)) {
      this.refuseHead()
      this.output.reset(id, PROTOCOL_ERROR)
      return this.guard.onReset(this.now())
    }
    if (this.streams.size === 0) this.touch()
    if (head.method === 'CONNECT' && this.entry.connect !== undefined && fields.overflow === '') {
      this.openTunnel(id, end, exchange)
      return undefined
    }
    this.next = undefined
    down.prepare()
    this.openStream(down, id)
    down.expected = head.contentLength
    down.receiveEnded = end
    if (this.discouraged) this.drain()
    exchange.begin(refusalOf(exchange))
    return undefined
  }

  /** What comes by the stream from now on is no request. The exchange stays for the next one. */
  private openTunnel(id: number, end: boolean, { head }: Http2Exchange): void {
    const { transport, answer } = createConnectStream()
    this.openStream(transport.stream, id)
    transport.stream.receiveEnded = end
    if (this.discouraged) this.drain()
    this.entry.connect?.({ transport, head, answer, rest: NOTHING })
    if (end) transport.owner.onEnd()
  }

  /** Its sender hears no more than that the stream is over. */
  private refuseHead(): void {
    const { accessLog } = this.plane.tables
    this.count(MALFORMED.reason)
    accessLog?.refusedHead(this.entry, MALFORMED)
  }

  private count(reason: string): void {
    this.plane.metrics[this.entry.direction].failure(reason).add()
  }

  takeBack(exchange: Http2Exchange): void {
    if (this.idle.length < MOST_STREAMS) this.idle.push(exchange)
  }

  onMostStreams(): void {}

  protected onGoAway(): void {}

  protected onPingAck(bytes: Buffer, from: number): void {
    if (this.state === 'leaving' && FAREWELL.compare(bytes, from, from + FAREWELL.length) === 0)
      this.sayLast()
  }

  protected onStreamGone(): void {
    if (this.over || this.streams.size > 0) return
    if (this.state === 'last' || this.halfClosed) this.close()
    else this.touch()
  }

  private touch(): void {
    this.deadline = this.plane.deadlines.after(this.plane.tables.timeoutMillis)
  }

  /** The streams know when they are due; this looks again when the first of them is. */
  onDeadline(): void {
    if (this.halfClosed) {
      this.cut()
    } else if (this.streams.size === 0) {
      if (this.state === 'open') this.leaveIdle()
      else this.close()
    } else {
      this.timeOutStreams()
    }
  }

  private leaveIdle(): void {
    this.plane.metrics[this.entry.direction].idleClosed.add()
    this.drain()
  }

  private timeOutStreams(): void {
    const due = this.deadline
    for (const stream of [...this.streams.values()]) if (stream.user.deadline <= due) stream.user.timeOut()
    let next = this.plane.deadlines.after(this.plane.tables.timeoutMillis)
    for (const stream of this.streams.values()) next = Math.min(next, stream.user.deadline)
    this.deadline = next
  }

  onConnect(): void {}

  onEnd(): void {
    if (this.over) return
    this.halfClosed = true
    if (this.streams.size === 0) this.close()
    else this.deadline = this.plane.deadlines.after(HALF_CLOSED_MILLIS)
  }

  onClose(): void {
    this.lose('closed')
  }

  protected onFault(fault: ConnectionFault): void {
    this.count(fault.reason)
    this.output.goAway(this.lastId, fault.code, fault.text)
    this.close()
  }

  /** Who was told before its first request would come again at once, and be told again. */
  discourage(): void {
    if (this.lastId > 0) this.drain()
    else this.discouraged = true
  }

  /** Says that we go; the final word follows when the client heard it, so that no request is lost in between. */
  drain(): void {
    if (this.state !== 'open' || this.over) return
    this.state = 'leaving'
    this.output.goAway(LARGEST_STREAM_ID, NO_ERROR, '')
    this.output.ping(FAREWELL, 0, false)
    if (this.streams.size === 0) this.deadline = this.plane.deadlines.after(FAREWELL_MILLIS)
  }

  private sayLast(): void {
    this.state = 'last'
    this.output.goAway(this.lastId, NO_ERROR, '')
    if (this.streams.size === 0) this.close()
  }

  /** Our last word is written. */
  private close(): void {
    if (this.over) return
    this.output.flush()
    const { transport, plane } = this
    this.lose('closed')
    new Closing(plane, transport)
  }

  cut(): void {
    if (this.over) return
    this.lose(this.halfClosed ? 'closed' : 'stopped')
    this.transport.destroy()
  }

  private lose(failure: StreamFailure): void {
    if (this.over) return
    this.over = true
    this.output.close()
    this.plane.deadlines.remove(this)
    this.plane.connections.remove(this)
    this.tellLost(this.takeStreams(), failure)
  }
}

/** What is not even looked up. */
function refusalOf({ head }: Http2Exchange): Refusal | undefined {
  if (head.fields.overflow !== '') return REFUSALS.headTooLarge
  return head.method === 'CONNECT' ? REFUSALS.connectInbound : undefined
}
