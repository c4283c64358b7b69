import { request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { KubeFailure } from '../../kube/kube-failure.ts'
import { messageOf } from '../../model/errors.ts'
import type { HttpRequest, HttpResponse } from '../../runtime/http-exchange.ts'

/** Of a request through the proxy; who sends more goes to the pod itself. */
const LIMIT_BYTES = 32 * 1024 * 1024

/** Meant for one connection (RFC 9110 7.6.1), or for us. */
const NOT_PASSED_ON = [
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'content-length',
  'te',
  'trailer',
  'upgrade',
  'authorization',
  'host',
]

export interface ProxyTarget {
  readonly socket: Socket
  /** For its Host header. */
  readonly authority: string
  /** With its query. */
  readonly path: string
}

/** Passes a request on to a pod, and its answer back as it comes. */
export async function proxyRequest(request: HttpRequest, target: ProxyTarget): Promise<HttpResponse> {
  const body = await request.body(LIMIT_BYTES)
  if (body.status !== 'read') {
    target.socket.destroy()
    throw new KubeFailure('RequestEntityTooLarge', `the body could not be passed on: ${body.status}`)
  }
  const answer = await exchange(request, target, body.bytes)
  const headers = passedOn(answer.headers)
  return { status: answer.statusCode ?? 502, headers, body: answer }
}

function exchange(
  { method, headers, signal }: HttpRequest,
  { socket, authority, path }: ProxyTarget,
  body: Uint8Array,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest({
      method,
      path,
      signal,
      headers: {
        ...passedOn(headers),
        host: authority,
        connection: 'close',
        ...(body.length > 0 ? { 'content-length': body.length } : {}),
      },
      createConnection: () => socket,
    })
    sent.once('response', resolve)
    sent.once('error', error =>
      reject(new KubeFailure('ServiceUnavailable', `error trying to reach service: ${messageOf(error)}`)),
    )
    sent.end(body)
  })
}

function passedOn(headers: IncomingHttpHeaders): Record<string, string> {
  const named = String(headers.connection ?? '')
    .toLowerCase()
    .split(',')
    .map(name => name.trim())
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined || NOT_PASSED_ON.includes(name) || named.includes(name)
        ? []
        : [[name, Array.isArray(value) ? value.join(', ') : value]],
    ),
  )
}

export interface ProxyName {
  readonly scheme: 'http' | 'https'
  readonly name: string
  /** A number or the name of a port; absent: the first one. */
  readonly port?: string
}

/** `NAME`, `NAME:PORT`, `http:NAME:PORT`. */
export function parseProxyName(text: string): ProxyName {
  const parts = text.split(':')
  const scheme = parts.length === 3 ? parts[0] : 'http'
  const [name = '', port = ''] = parts.length === 3 ? parts.slice(1) : parts
  if ((scheme !== 'http' && scheme !== 'https' && scheme !== '') || name === '' || parts.length > 3)
    throw new KubeFailure('BadRequest', `invalid proxy request "${text}"`)
  if (scheme === 'https')
    throw new KubeFailure('NotImplemented', 'the proxy speaks to pods over plain http alone')
  return { scheme: 'http', name, ...(port === '' ? {} : { port }) }
}
