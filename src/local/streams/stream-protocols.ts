import { KubeFailure } from '../../kube/kube-failure.ts'

/** Of SPDY, by the header `X-Stream-Protocol-Version`. */
export const SPDY_COMMAND_PROTOCOLS: readonly string[] = [
  'v4.channel.k8s.io',
  'v3.channel.k8s.io',
  'v2.channel.k8s.io',
  'channel.k8s.io',
]
export const SPDY_FORWARD_PROTOCOLS: readonly string[] = ['portforward.k8s.io']

/** Of WebSockets, by `Sec-WebSocket-Protocol`. The empty one is that of clients that name none. */
export const SOCKET_COMMAND_PROTOCOLS: readonly string[] = [
  'v5.channel.k8s.io',
  'v4.channel.k8s.io',
  'v4.base64.channel.k8s.io',
  'channel.k8s.io',
  'base64.channel.k8s.io',
  '',
]
/** SPDY in the messages of a WebSocket (KEP 4006). */
export const TUNNEL_PROTOCOL = 'SPDY/3.1+portforward.k8s.io'
export const SOCKET_FORWARD_PROTOCOLS: readonly string[] = [
  TUNNEL_PROTOCOL,
  'v4.channel.k8s.io',
  'v4.base64.channel.k8s.io',
  'portforward.k8s.io',
  '',
]

const BEARER = 'base64url.bearer.authorization.k8s.io.'

/** The elements of a header that is a list with commas, which Node makes of a repeated one as well. */
export function listedProtocols(header: string | readonly string[] | undefined): readonly string[] {
  return [header ?? []]
    .flat()
    .flatMap(line => line.split(','))
    .map(each => each.trim())
    .filter(each => each !== '')
}

/** Those that a WebSocket client offers, without its token; one that offers none offers the empty one. */
export function offeredSubprotocols(header: string | undefined): readonly string[] {
  const offered = listedProtocols(header).filter(each => !each.startsWith(BEARER))
  return offered.length === 0 ? [''] : offered
}

/** The first that the client offers and the server has: the client's order counts, as in client-go and kubelet. */
export function firstCommon(offered: readonly string[], supported: readonly string[]): string | undefined {
  return offered.find(each => supported.includes(each))
}

/**
 * The token of a client that cannot set `Authorization` (a page in a browser), as it stands in `Sec-WebSocket-Protocol`:
 * base64url without padding after a fixed name. Undefined where there is none or, as for kube-apiserver, none that
 * counts: several, not base64url, not UTF-8, or without another subprotocol beside it.
 */
export function bearerFromSubprotocols(header: string | undefined): string | undefined {
  const listed = listedProtocols(header)
  const tokens = listed.filter(each => each.startsWith(BEARER))
  const [first] = tokens
  if (first === undefined || tokens.length > 1 || listed.length === 1) return undefined
  const encoded = first.slice(BEARER.length)
  if (!/^[A-Za-z0-9_-]+$/.test(encoded) || encoded.length % 4 === 1) return undefined
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(encoded, 'base64url'))
  } catch {
    return undefined
  }
}

/** The answer to a request for a stream that does not ask to be upgraded. */
export function upgradeRequired(): KubeFailure {
  return new KubeFailure('BadRequest', 'Upgrade request required')
}
