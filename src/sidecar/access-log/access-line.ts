import type { Direction } from '../sidecar-metrics.ts'
import type { ExchangeSpan } from '../tracing/exchange-span.ts'
import { jsonOfLatin1 } from '../tracing/latin1-text.ts'
import type { RelaySpan } from '../tracing/relay-span.ts'

/** What spans do not know. */
export interface LineFrame {
  readonly direction: Direction
  /** One word, where the sidecar answered itself or the exchange broke off; else empty. */
  readonly reason: string
  readonly micros: number
}

export interface ClientOfLine {
  readonly direction: Direction
  readonly clientAddress: string
  readonly clientPort: number
}

export interface RefusedHead {
  readonly status: number
  readonly reason: string
  readonly text: string
}

/** Beside the sidecar's own lines, which have a `level`. */
const COMPONENT = '"component":"access"'

/** One exchange as a line of JSON. What is not known is left out. */
export function exchangeLine(span: ExchangeSpan, frame: LineFrame): string {
  const { context } = span
  return `{"time":"${isoTime(span.begin)}",${COMPONENT},"direction":"${frame.direction}"${
    context === undefined ? '' : traceMembers(span, context.sampled)
  },"method":"${span.method}","host":${jsonOfLatin1(span.host)},"path":${jsonOfLatin1(span.target)},"protocol":"${span.protocol}","status":${span.status}${text('grpc_status', span.grpcStatus)}${
    frame.reason === '' ? '' : `,"reason":"${frame.reason}"`
  }${text('error', span.error)},"request_bytes":${span.requestBytes},"response_bytes":${span.responseBytes}${duration(frame)}${upstream(span)}${
    frame.direction === 'inbound' ? client(span.remoteAddress, span.remotePort) : ''
  }${text('user_agent', span.userAgent)}${text('request_id', span.requestId)}}\n`
}

/** One relayed connection, when it has ended. */
export function relayLine(span: RelaySpan, frame: LineFrame): string {
  return `{"time":"${isoTime(span.start)}",${COMPONENT},"direction":"${frame.direction}"${
    span.traceId === '' ? '' : traceMembers(span, span.recording)
  }${text('host', span.authority)},"protocol":"TCP"${text('carries', span.protocol)}${text('server_name', span.serverName)}${text(
    'error',
    span.error,
  )},"sent_bytes":${span.sentBytes},"received_bytes":${span.receivedBytes}${duration(frame)}${upstream(span)}${
    frame.direction === 'inbound' ? client(span.remoteAddress, span.remotePort) : ''
  }}\n`
}

/** Just what is sure. */
export function refusedHeadLine(
  now: number,
  from: ClientOfLine,
  { status, reason, text: error }: RefusedHead,
): string {
  return `{"time":"${isoTime(now)}",${COMPONENT},"direction":"${from.direction}","status":${status},"reason":"${reason}"${text(
    'error',
    error,
  )}${client(from.clientAddress, from.clientPort)}}\n`
}

function traceMembers(ids: { readonly traceId: string; readonly spanId: string }, sampled: boolean): string {
  return `,"trace_id":"${ids.traceId}","span_id":"${ids.spanId}","sampled":${sampled}`
}

function text(name: string, latin1: string): string {
  return latin1 === '' ? '' : `,"${name}":${jsonOfLatin1(latin1)}`
}

function duration({ micros }: LineFrame): string {
  return `,"duration_ms":${Math.max(0, Math.round(micros)) / 1000}`
}

/** Both are JSON already. */
function upstream({ cluster, peer }: { readonly cluster: string; readonly peer: string }): string {
  return `${cluster === '' ? '' : `,"upstream_cluster":${cluster}`}${peer === '' ? '' : `,"upstream":${peer}`}`
}

/** Empty: nobody knows. */
function client(address: string, port: number): string {
  if (address === '') return ''
  return `,"client":"${address.includes(':') ? `[${address}]` : address}:${port}"`
}

let lastMillis = -1
let lastTime = ''

/** Under load, many lines are of one millisecond. */
function isoTime(micros: number): string {
  const millis = Math.floor(micros / 1000)
  if (millis !== lastMillis) {
    lastMillis = millis
    lastTime = new Date(millis).toISOString()
  }
  return lastTime
}
