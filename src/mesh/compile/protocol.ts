import type { Protocol } from '../../model/sidecar-config.ts'

/** Protocols that the sidecar reads as HTTP/1.1. WebSocket begins as such (kubernetes.io/ws: KEP-3726). */
const HTTP = new Set(['http', 'kubernetes.io/ws'])
const NAMED = /^(tcp-server-first|tcp|grpc|https|http)(-|$)/

export interface ProtocolHints {
  readonly name?: string
  readonly appProtocol?: string
}

/**
 * `appProtocol` decides, else the prefix of the port's name, else it is HTTP. What is not HTTP/1.1 passes as it
 * is: also gRPC, which is HTTP/2 and which the sidecar does not read yet.
 */
export function protocolOf(port: ProtocolHints): Protocol {
  const said = port.appProtocol?.toLowerCase() ?? NAMED.exec(port.name?.toLowerCase() ?? '')?.[1] ?? 'http'
  return HTTP.has(said) ? 'http' : 'tcp'
}
