import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'

export interface SocketHandshake {
  readonly request: IncomingMessage
  readonly socket: Duplex
  readonly head: Buffer
  /** As agreed upon; empty for a client that offered none. */
  readonly protocol: string
  readonly messageBytes: number
}

/** Of what was written and not taken, above which pings are not answered. */
const MOST_UNSENT_BYTES = 1024 * 1024

/**
 * Completes the handshake and calls `opened`; what is no proper handshake is answered with 400. The subprotocol goes past
 * `ws`, which refuses names that are no HTTP token: that of tunnelled SPDY has a slash.
 */
export function acceptSocket(handshake: SocketHandshake, opened: (socket: WebSocket) => void): void {
  const { request, socket, head, protocol, messageBytes } = handshake
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    autoPong: false,
    perMessageDeflate: false,
    maxPayload: messageBytes,
  })
  server.on('headers', lines => {
    if (protocol !== '') lines.push(`Sec-WebSocket-Protocol: ${protocol}`)
  })
  server.handleUpgrade(withoutSubprotocols(request), socket, head, webSocket => {
    // Answers that nobody takes would pile up; a later ping is as good (RFC 6455, 5.5.3).
    webSocket.on('ping', data => {
      if (webSocket.bufferedAmount < MOST_UNSENT_BYTES) webSocket.pong(data)
    })
    opened(webSocket)
  })
}

function withoutSubprotocols(request: IncomingMessage): IncomingMessage {
  const { 'sec-websocket-protocol': _, ...headers } = request.headers
  return Object.create(request, { headers: { value: headers } })
}
