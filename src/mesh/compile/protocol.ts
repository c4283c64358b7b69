import type { Protocol } from '../../model/sidecar-config.ts'

/** WebSocket begins as HTTP/1.1 (kubernetes.io/ws: KEP-3726). */
const HTTP1 = new Set(['http', 'kubernetes.io/ws'])
/** HTTP/2 without TLS, which is what gRPC speaks inside a mesh. The sidecar tells the versions apart by what it hears. */
const HTTP2 = new Set(['grpc', 'grpc-web', 'http2', 'h2c', 'kubernetes.io/h2c'])
const NAMED = /^(tcp-server-first|tcp|grpc-web|grpc|https|http2|http|h2c)(-|$)/

export interface ProtocolHints {
  readonly name?: string
  readonly appProtocol?: string
}

/** What the sidecar reads is `http`; everything else passes as it is. */
export function protocolOf(port: ProtocolHints): Protocol {
  const said = wordOf(port)
  return HTTP1.has(said) || HTTP2.has(said) ? 'http' : 'tcp'
}

/** Whether a request of HTTP/1.1 is understood there. */
export function takesHttp1(port: ProtocolHints): boolean {
  return HTTP1.has(wordOf(port))
}

/** `appProtocol` decides, else the prefix of the port's name, else it is HTTP. */
function wordOf(port: ProtocolHints): string {
  return port.appProtocol?.toLowerCase() ?? NAMED.exec(port.name?.toLowerCase() ?? '')?.[1] ?? 'http'
}
