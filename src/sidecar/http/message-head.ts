import {
  clearTraceHeaders,
  noTraceHeaders,
  type TraceHeaders,
  takeTraceHeader,
} from '../../wire/trace-context.ts'
import { isAuthority } from './authority.ts'
import { COLON, TOKEN } from './characters.ts'
import { readConnectionOptions, withoutFields } from './connection-options.ts'
import { copyOf } from './copied-text.ts'
import { foldName, type KnownField, knownField } from './field-names.ts'
import { hasTab, trimmed, valueEnd } from './field-value.ts'
import { FAULTS, type HeadFault } from './head-fault.ts'
import { type RequestLine, readRequestLine, readStatusLine, type StatusLine } from './start-line.ts'

const FRAMING = ['content-length', 'transfer-encoding']
const MOST_FIELDS = 200
const CONTENT_LENGTH = /^\d{1,15}$/
/** Codings other than chunked, and chunked at last. */
const OTHER_CODINGS = /^(?:(?!chunked *,)[!#$%&'*+\-.^_`|~\w]+ *, *)+chunked$/i
const KEEP_ALIVE_SECONDS = /(?:^|[,;\s])timeout=(\d{1,6})/i

type Verdict = 'goes-on' | 'stays-here' | HeadFault

/**
 * The head of a request or response (RFC 9112), filled again and again. It is read strictly: what two programs could
 * read in two ways is refused. What goes on is kept as ranges of the text, so that most lines are never looked into.
 */
export class MessageHead implements RequestLine, StatusLine {
  method = ''
  target = ''
  authority = ''
  minor = 1
  status = 0

  /** As it came, checked; empty in responses. */
  host = ''
  /** Below 0: none was given. */
  contentLength = -1
  chunked = false
  /** The connection ends after this message. */
  close = false
  /** Protocols to change to, where `connection` says so too; never HTTP/2, which is not relayed. Else empty. */
  upgrade = ''
  expectsContinue = false
  /** What `keep-alive: timeout=` promises; below 0: nothing. */
  keepAliveSeconds = -1
  /** `te` had `trailers` in it. */
  takesTrailers = false
  requestId = ''
  /** In responses: what they say of the trace. */
  traceResponse = ''
  userAgent = ''
  readonly trace: TraceHeaders = noTraceHeaders()

  /** The first line, where it does not go on as it came; else empty. */
  startLine = ''
  /** The lines that go on, each ended, the first line among them where it goes on as it came. */
  kept = ''
  /** `kept` is the whole head. */
  untouched = true

  private isRequest = true
  private takesTrace = false
  private hosts = 0
  /** The last one that was valid. */
  private goodHost = ''
  private upgradeValue = ''
  private connection = ''

  /**
   * `text`: the head without the empty line, Latin-1. `takesTrace`: the trace headers are taken out, because
   * others will stand in their place.
   */
  readRequest(text: string, takesTrace: boolean): HeadFault | undefined {
    this.clear(true, takesTrace)
    const end = text.indexOf('\r\n')
    const fault = readRequestLine(text, end, this)
    if (fault !== undefined) return fault
    const asItCame = this.authority === ''
    if (!asItCame) {
      this.startLine = `${this.method} ${this.target} HTTP/1.${this.minor}\r\nhost: ${this.authority}\r\n`
      this.untouched = false
    }
    return this.readFields(text, end + 2, asItCame ? 0 : end + 2) ?? this.checkRequest()
  }

  readResponse(text: string): HeadFault | undefined {
    this.clear(false, false)
    const end = text.indexOf('\r\n')
    const fault = readStatusLine(text, end, this)
    if (fault !== undefined) return fault
    if (this.minor === 0) {
      this.startLine = `HTTP/1.1${text.slice(8, end + 2)}`
      this.untouched = false
    }
    const fieldFault = this.readFields(text, end + 2, this.minor === 1 ? 0 : end + 2)
    if (fieldFault !== undefined) return fieldFault
    if (this.chunked && (this.contentLength >= 0 || this.minor === 0)) return FAULTS.framing
    if (this.status < 200 || this.status === 204) this.takeFramingAway()
    return undefined
  }

  /** Where there never is a body, nobody must wait for one (RFC 9110 8.6, RFC 9112 6.1). */
  private takeFramingAway(): void {
    if (!this.chunked && this.contentLength < 0) return
    this.kept = withoutFields(this.kept, FRAMING)
    this.untouched = false
  }

  /** As spans name it. */
  get protocol(): string {
    return this.minor === 1 ? 'HTTP/1.1' : 'HTTP/1.0'
  }

  /** Whether the connection may carry another message after this one. */
  get persistent(): boolean {
    return this.minor === 1 && !this.close
  }

  private checkRequest(): HeadFault | undefined {
    if (this.chunked && (this.contentLength >= 0 || this.minor === 0)) return FAULTS.framing
    if (this.hosts > 1) return FAULTS.hostRepeated
    if (this.hosts === 0 && this.minor === 1) return FAULTS.hostMissing
    if (this.hosts === 1 && !this.hasGoodHost()) return FAULTS.host
    // RFC 9112 3.2.2: the target decides.
    if (this.authority !== '') this.host = this.authority
    if (this.method === 'CONNECT' && (this.chunked || this.contentLength > 0)) return FAULTS.connectBody
    return undefined
  }

  /** Requests of one connection go mostly to the same host: what was looked at once is not looked at again. */
  private hasGoodHost(): boolean {
    if (this.host === '' || this.host !== this.goodHost) {
      if (!isAuthority(this.host)) return false
      this.goodHost = copyOf(this.host)
    }
    // Its hash is known already.
    this.host = this.goodHost
    return true
  }

  private readFields(text: string, from: number, keepFrom: number): HeadFault | undefined {
    const length = text.length
    let keep = keepFrom
    let kept = ''
    let fields = 0
    let at = from
    while (at < length) {
      if (++fields > MOST_FIELDS) return FAULTS.tooManyFields
      let hash = 0
      let colon = at
      for (let code = text.charCodeAt(colon); TOKEN[code] === 1; code = text.charCodeAt(++colon)) {
        hash = foldName(hash, code)
      }
      if (colon === at || text.charCodeAt(colon) !== COLON) return FAULTS.field
      const end = valueEnd(text, colon + 1)
      if (end < 0) return FAULTS.field
      const known = knownField(hash, text, at, colon)
      if (isFraming(known) && hasTab(text, colon, end)) return FAULTS.field
      const verdict = known === undefined ? 'goes-on' : this.take(known, trimmed(text, colon + 1, end))
      if (verdict === 'stays-here') {
        kept += text.slice(keep, at)
        keep = end + 2
        this.untouched = false
      } else if (verdict !== 'goes-on') {
        return verdict
      }
      at = end + 2
    }
    this.kept = kept + text.slice(keep)
    this.settleConnection()
    return undefined
  }

  private take(field: KnownField, value: string): Verdict {
    switch (field) {
      case 'host':
        return this.takeHost(value)
      case 'content-length':
        if (this.contentLength >= 0 || !CONTENT_LENGTH.test(value)) return FAULTS.contentLength
        this.contentLength = Number(value)
        return 'goes-on'
      case 'transfer-encoding':
        if (this.chunked || value.toLowerCase() !== 'chunked') return codingFault(value)
        this.chunked = true
        return 'goes-on'
      case 'connection':
        this.connection = this.connection === '' ? value : `${this.connection},${value}`
        return 'stays-here'
      case 'keep-alive':
        this.keepAliveSeconds = Number(KEEP_ALIVE_SECONDS.exec(value)?.[1] ?? -1)
        return 'stays-here'
      case 'te':
        this.takesTrailers ||= /\btrailers\b/i.test(value)
        return 'stays-here'
      case 'upgrade':
        this.upgradeValue = this.upgradeValue === '' ? value : `${this.upgradeValue}, ${value}`
        return 'stays-here'
      case 'proxy-connection':
        return 'stays-here'
      default:
        return this.isRequest ? this.takeOfRequest(field, value) : this.takeOfResponse(field, value)
    }
  }

  private takeHost(value: string): Verdict {
    if (!this.isRequest) return 'goes-on'
    this.hosts++
    this.host = value
    return this.authority === '' ? 'goes-on' : 'stays-here'
  }

  private takeOfRequest(field: KnownField, value: string): Verdict {
    switch (field) {
      case 'proxy-authorization':
        return 'stays-here'
      case 'user-agent':
        this.userAgent = value
        return 'goes-on'
      case 'x-request-id':
        this.requestId = value
        return 'goes-on'
      case 'expect':
        if (value.toLowerCase() !== '100-continue') return FAULTS.expectation
        // Known to HTTP/1.1 only (RFC 9110 10.1.1).
        if (this.minor === 0) return 'stays-here'
        this.expectsContinue = true
        return 'goes-on'
      case 'traceresponse':
        return 'goes-on'
      default:
        takeTraceHeader(this.trace, field, value)
        return this.takesTrace ? 'stays-here' : 'goes-on'
    }
  }

  private takeOfResponse(field: KnownField, value: string): Verdict {
    if (field === 'x-request-id') this.requestId = value
    else if (field === 'traceresponse') this.traceResponse = value
    return 'goes-on'
  }

  private settleConnection(): void {
    if (this.connection === '') return
    const options = readConnectionOptions(this.connection)
    this.close = options.close
    // h2c would take the exchange out of our sight.
    if (options.upgrade && this.minor === 1 && !/\bh2c?\b/i.test(this.upgradeValue)) {
      this.upgrade = this.upgradeValue
    }
    if (options.named.length > 0) this.kept = withoutFields(this.kept, options.named)
  }

  private clear(isRequest: boolean, takesTrace: boolean): void {
    this.isRequest = isRequest
    this.takesTrace = takesTrace
    this.method = ''
    this.target = ''
    this.authority = ''
    this.minor = 1
    this.status = 0
    this.host = ''
    this.hosts = 0
    this.contentLength = -1
    this.chunked = false
    this.close = false
    this.connection = ''
    this.upgrade = ''
    this.upgradeValue = ''
    this.expectsContinue = false
    this.keepAliveSeconds = -1
    this.takesTrailers = false
    this.requestId = ''
    this.traceResponse = ''
    this.userAgent = ''
    this.startLine = ''
    this.kept = ''
    this.untouched = true
    clearTraceHeaders(this.trace)
  }
}

function codingFault(value: string): HeadFault {
  return OTHER_CODINGS.test(value) ? FAULTS.codingUnknown : FAULTS.transferEncoding
}

function isFraming(field: KnownField | undefined): boolean {
  return field === 'content-length' || field === 'transfer-encoding'
}
