import { BARE_LINE_FEED, Backlog, findHeadEnd } from '../http/backlog.ts'
import { BodyFraming } from '../http/body-framing.ts'
import { LARGEST_HEAD, LARGEST_UNFINISHED } from '../http/head-fault.ts'
import { MessageHead } from '../http/message-head.ts'
import { NO_DEADLINE, type Timed } from '../net/deadlines.ts'
import { LOOP_FAILURE } from '../net/socket-transport.ts'
import type { Transport, TransportOwner } from '../net/transport.ts'
import type { Endpoint } from '../routing/endpoint.ts'
import type { Route } from '../routing/route.ts'
import type { UpstreamConnection, UpstreamFailure, UpstreamUser } from '../routing/upstream-connection.ts'
import type { DataPlane } from './data-plane.ts'

const IDLE_MILLIS = 30_000
/** We must be gone before a server that said how long it waits. */
const IDLE_MARGIN_MILLIS = 1000

/** Heads are read and used up within one call, so that one is enough for all connections. */
const responseHead = new MessageHead()

/** Makes a connection to the endpoint, whether there are idle ones or not. */
export function openUpstream(plane: DataPlane, route: Route, endpoint: Endpoint): UpstreamConnection {
  return new Upstream(plane, route, endpoint)
}

type Phase = 'idle' | 'head' | 'body' | 'gone'

class Upstream implements UpstreamConnection, TransportOwner, Timed {
  readonly transport: Transport
  reused = false
  deadline: number = NO_DEADLINE
  private readonly plane: DataPlane
  private readonly route: Route
  private readonly endpoint: Endpoint
  private readonly framing = new BodyFraming()
  private readonly backlog = new Backlog()
  private phase: Phase = 'idle'
  private user: UpstreamUser | undefined
  /** The head of the response allows another exchange. */
  private persistent = true
  private idleMillis = IDLE_MILLIS
  private served = 0

  constructor(plane: DataPlane, route: Route, endpoint: Endpoint) {
    this.plane = plane
    this.route = route
    this.endpoint = endpoint
    endpoint.addConnection()
    plane.deadlines.add(this)
    this.transport = plane.connect(endpoint.target, this)
  }

  get responseBytes(): number {
    return this.framing.payload
  }

  serve(user: UpstreamUser): void {
    this.user = user
    this.phase = 'head'
    this.served++
    this.deadline = this.transport.connected
      ? NO_DEADLINE
      : this.plane.deadlines.after(this.route.policy.connectMillis)
    this.framing.startNone()
  }

  release(): void {
    this.user = undefined
    this.phase = 'idle'
    this.reused = true
    const { deadlines, tables } = this.plane
    // The other side is often a sidecar, which closes what is idle for the whole of this timeout.
    this.deadline = deadlines.after(Math.min(this.idleMillis, tables.timeoutMillis / 2))
    // Who waits for a connection takes it at once.
    if (this.served >= this.route.policy.maxRequestsPerConnection || !this.endpoint.offerIdle(this))
      this.discard()
  }

  detach(): void {
    this.leave()
  }

  discard(): void {
    this.leave()
    this.transport.destroy()
  }

  private leave(): void {
    this.user = undefined
    if (this.phase === 'gone') return
    if (this.phase === 'idle') this.endpoint.removeIdle(this)
    this.phase = 'gone'
    this.plane.deadlines.remove(this)
    this.endpoint.removeConnection()
  }

  onConnect(): void {
    this.deadline = NO_DEADLINE
    this.user?.onUpstreamConnect()
  }

  onDrain(): void {
    this.user?.onUpstreamDrain()
  }

  onDeadline(): void {
    const { counters } = this.route
    if (this.phase === 'idle') {
      counters.idleTimeouts.add()
      this.discard()
    } else {
      counters.connectTimeouts.add()
      this.fail('timeout')
    }
  }

  onData(bytes: Buffer): void {
    // It had not been closed: what breaks it off from now on has to do with this exchange.
    this.reused = false
    if (this.phase === 'head') this.readHeads(bytes)
    else if (this.phase === 'body') this.readBody(bytes)
    // An idle server has nothing to say.
    else this.discard()
  }

  onEnd(): void {
    const user = this.user
    if (user !== undefined && this.phase === 'body' && this.framing.kind === 'until-close') {
      this.discard()
      user.onResponseEnd(false)
      return
    }
    this.fail('closed')
  }

  onClose(failure: string): void {
    if (failure === LOOP_FAILURE) this.fail('loop')
    else if (!this.transport.connected) this.failConnecting()
    else this.fail(failure === '' ? 'closed' : 'reset')
  }

  private failConnecting(): void {
    if (this.phase !== 'gone') this.route.counters.connectFailures.add()
    this.fail('connect')
  }

  private fail(failure: UpstreamFailure): void {
    const user = this.user
    const inBody = this.phase === 'body'
    this.discard()
    if (user === undefined) return
    user.onUpstreamFailure(inBody && failure === 'closed' ? 'truncated' : failure)
  }

  /** Several heads may come at once: any number of 1xx before the response. */
  private readHeads(lent: Buffer): void {
    let rest: Buffer | undefined = lent
    while (rest !== undefined && rest.length > 0) {
      let bytes: Buffer = rest
      let end: number
      if (this.backlog.length === 0) {
        end = findHeadEnd(bytes, 0)
        if (end < 0) this.backlog.append(bytes)
      } else {
        this.backlog.append(bytes)
        end = this.backlog.findHeadEnd()
        if (end >= 0) bytes = this.backlog.take()
      }
      if (end < 0) {
        this.awaitHead(end)
        return
      }
      rest = this.readHead(bytes, end)
    }
  }

  private awaitHead(found: number): void {
    if (found === BARE_LINE_FEED || this.backlog.length > LARGEST_UNFINISHED) this.fail('malformed')
  }

  /** What came behind a 1xx head; undefined where no head may follow. */
  private readHead(bytes: Buffer, end: number): Buffer | undefined {
    const user = this.user
    const head = responseHead
    const bodyFrom = end + 4
    if (user === undefined || end > LARGEST_HEAD) {
      this.fail('malformed')
    } else if (head.readResponse(bytes.toString('latin1', 0, end + 2)) !== undefined) {
      this.fail('malformed')
    } else if (head.status === 101) {
      user.onSwitch(head, bytes.subarray(bodyFrom))
    } else if (head.status >= 200) {
      this.readResponse(user, bytes, bodyFrom)
    } else {
      user.onInterim(head)
      if (this.user === user) return bytes.subarray(bodyFrom)
    }
    return undefined
  }

  private readResponse(user: UpstreamUser, bytes: Buffer, bodyFrom: number): void {
    const head = responseHead
    this.startFraming(head, user.headOnly)
    this.phase = 'body'
    this.persistent = head.persistent
    this.idleMillis = idleMillisOf(head.keepAliveSeconds)
    const bodyTo = this.framing.consume(bytes, bodyFrom)
    if (this.framing.bad) {
      this.fail('malformed')
      return
    }
    user.onResponse({ head, framing: this.framing, bytes, headFrom: 0, bodyFrom, bodyTo })
    if (this.user === user && this.framing.done) this.finish(user, bodyTo === bytes.length)
  }

  private startFraming(head: MessageHead, headOnly: boolean): void {
    if (headOnly || head.status === 204 || head.status === 304) this.framing.startNone()
    else if (head.chunked) this.framing.startChunked()
    else if (head.contentLength >= 0) this.framing.startLength(head.contentLength)
    else this.framing.startUntilClose()
  }

  private readBody(bytes: Buffer): void {
    const user = this.user
    if (user === undefined) {
      this.discard()
      return
    }
    const to = this.framing.consume(bytes, 0)
    if (this.framing.bad) {
      this.fail('malformed')
      return
    }
    user.onResponseBody(to === bytes.length ? bytes : bytes.subarray(0, to))
    if (this.user === user && this.framing.done) this.finish(user, to === bytes.length)
  }

  /** `clean`: nothing came behind the response. */
  private finish(user: UpstreamUser, clean: boolean): void {
    this.user = undefined
    user.onResponseEnd(clean && this.persistent)
  }
}

function idleMillisOf(promisedSeconds: number): number {
  if (promisedSeconds < 0) return IDLE_MILLIS
  return Math.max(0, Math.min(IDLE_MILLIS, promisedSeconds * 1000 - IDLE_MARGIN_MILLIS))
}
