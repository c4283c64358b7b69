import { STATUS_CODES } from 'node:http'

/** Why the sidecar itself answers a request, or ends it, and how. */
export interface Refusal {
  readonly kind: 'refusal'
  /** Sent where no response has begun. */
  readonly status: number
  /** One word for counters and for the header `x-kiseki-reason`. */
  readonly reason: string
  /** A sentence for people, also the `error` of the span. */
  readonly text: string
}

const refusal = (status: number, reason: string, text: string): Refusal => ({
  kind: 'refusal',
  status,
  reason,
  text,
})

export type RefusalName =
  | 'egressOff'
  | 'noAuthority'
  | 'connectInbound'
  | 'unknownPort'
  | 'noEndpoints'
  | 'overflow'
  | 'pendingOverflow'
  | 'pendingTimeout'
  | 'connectionOverflow'
  | 'statusRetried'
  | 'upstreamRefused'
  | 'attemptTimeout'
  | 'exchangeTimeout'
  | 'loop'
  | 'connectFailed'
  | 'connectTimeout'
  | 'upstreamClosed'
  | 'upstreamReset'
  | 'responseTruncated'
  | 'responseMalformed'
  | 'responseTimeout'
  | 'requestTimeout'
  | 'requestMalformed'
  | 'requestTruncated'
  | 'clientAborted'
  | 'clientStalled'
  | 'stopped'
  | 'notHttp2'
  | 'headTooLarge'
  | 'streamMalformed'

export const REFUSALS: Readonly<Record<RefusalName, Refusal>> = {
  egressOff: refusal(403, 'egress-off', 'the mesh does not know the host, and egress is off'),
  noAuthority: refusal(400, 'no-authority', 'neither the target nor a host header says where to'),
  connectInbound: refusal(405, 'connect-inbound', 'CONNECT is not taken from other pods'),
  unknownPort: refusal(404, 'unknown-port', 'no inbound port of this pod is meant'),
  noEndpoints: refusal(503, 'no-endpoints', 'no endpoint of the cluster is ready'),
  overflow: refusal(503, 'overflow', 'as many requests to the cluster run as may'),
  pendingOverflow: refusal(503, 'pending-overflow', 'as many requests wait for a connection as may'),
  pendingTimeout: refusal(503, 'pending-timeout', 'no connection to the endpoint became free in time'),
  connectionOverflow: refusal(503, 'connection-overflow', 'there are as many connections as may be'),
  statusRetried: refusal(502, 'status-retried', 'the endpoint answered with an error'),
  upstreamRefused: refusal(503, 'upstream-refused', 'the endpoint refused the request unseen'),
  attemptTimeout: refusal(504, 'attempt-timeout', 'the attempt took longer than one may'),
  exchangeTimeout: refusal(504, 'exchange-timeout', 'the request took longer than it may'),
  loop: refusal(508, 'loop', 'the request would come back to this sidecar'),
  connectFailed: refusal(502, 'connect-failed', 'cannot connect to the endpoint'),
  connectTimeout: refusal(504, 'connect-timeout', 'connecting to the endpoint took too long'),
  upstreamClosed: refusal(502, 'upstream-closed', 'the endpoint closed the connection before its response'),
  upstreamReset: refusal(502, 'upstream-reset', 'the endpoint reset the connection'),
  responseTruncated: refusal(502, 'response-truncated', 'the endpoint ended in the middle of its response'),
  responseMalformed: refusal(502, 'response-malformed', 'the endpoint sent no valid response'),
  responseTimeout: refusal(504, 'response-timeout', 'the endpoint took too long to respond'),
  requestTimeout: refusal(408, 'request-timeout', 'the client took too long to send its request'),
  requestMalformed: refusal(400, 'request-malformed', 'the client sent a malformed chunked body'),
  requestTruncated: refusal(400, 'request-truncated', 'the client ended in the middle of its request'),
  clientAborted: refusal(499, 'client-aborted', 'the client went away before the response was complete'),
  clientStalled: refusal(499, 'client-stalled', 'the client stopped reading the response'),
  stopped: refusal(503, 'stopped', 'the sidecar stopped before the exchange was complete'),
  notHttp2: refusal(502, 'not-http2', 'the endpoint does not speak HTTP/2'),
  headTooLarge: refusal(431, 'head-too-large', 'over 64 KiB or 200 header fields'),
  streamMalformed: refusal(400, 'request-malformed', 'the client sent a malformed request'),
}

export interface ReplyOptions {
  readonly status: number
  readonly reason: string
  readonly text: string
  /** More lines of its head, each ended. */
  readonly lines?: string
  /** Whether the connection ends after it. */
  readonly close: boolean
  /** The response to HEAD has no body. */
  readonly headOnly: boolean
}

/** A whole response of our own. All its texts are ASCII. */
export function replyText(options: ReplyOptions): string {
  const { status, reason, close } = options
  const body = `${options.text}\n`
  return (
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Refused'}\r\n` +
    `content-type: text/plain\r\ncontent-length: ${body.length}\r\nx-kiseki-reason: ${reason}\r\n${options.lines ?? ''}` +
    `${close ? 'connection: close\r\n' : ''}\r\n${options.headOnly ? '' : body}`
  )
}
