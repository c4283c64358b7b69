import type { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { createWebSocketStream } from 'ws'
import { KubeFailure } from '../../kube/kube-failure.ts'
import type { Logger } from '../../runtime/logger.ts'
import type { PodStreamTarget } from './pod-stream-target.ts'
import { serveSocketCommand, serveSocketForwarding } from './socket-endpoint.ts'
import { acceptSocket } from './socket-handshake.ts'
import { serveCommand, serveForwarding } from './spdy-endpoint.ts'
import type { StreamContext } from './stream-connection.ts'
import { DEFAULT_STREAM_LIMITS, type StreamLimits } from './stream-limits.ts'
import {
  firstCommon,
  listedProtocols,
  offeredSubprotocols,
  SOCKET_COMMAND_PROTOCOLS,
  SOCKET_FORWARD_PROTOCOLS,
  SPDY_COMMAND_PROTOCOLS,
  SPDY_FORWARD_PROTOCOLS,
  TUNNEL_PROTOCOL,
  upgradeRequired,
} from './stream-protocols.ts'
import { parseCommand, parsePorts, type StreamRequest, type UpgradeRequest } from './stream-request.ts'
import { noCommonProtocol, protocolRequired, refusalOf, refuseUpgrade } from './upgrade-refusal.ts'

export interface PodStreamsOptions {
  readonly logger: Logger
  readonly limits?: Partial<StreamLimits>
}

/** The subresources of pods that are streams. Whether the client may use them was found out before. */
export interface PodStreams {
  /** For the 'upgrade' event of a server, whatever is asked for; what cannot be served is answered as HTTP. */
  handle(request: IncomingMessage, socket: Duplex, head: Buffer, what: StreamRequest): void
  /** Connections that are open. */
  readonly size: number
  /** Cuts them all, and refuses those to come. */
  close(): void
}

export function createPodStreams(target: PodStreamTarget, options: PodStreamsOptions): PodStreams {
  const limits: StreamLimits = { ...DEFAULT_STREAM_LIMITS, ...options.limits }
  const open = new Set<() => void>()
  let closed = false
  const context: StreamContext = {
    target,
    limits,
    logger: options.logger,
    opened(cut) {
      open.add(cut)
      return () => open.delete(cut)
    },
  }
  return {
    handle(request, socket, head, what) {
      try {
        if (closed || open.size >= limits.connections)
          throw new KubeFailure('ServiceUnavailable', 'the server has as many streams open as it can')
        serve(context, { request, socket, head }, what)
      } catch (error) {
        refuseUpgrade(socket, refusalOf(error))
      }
    },
    get size() {
      return open.size
    },
    close() {
      closed = true
      for (const cut of [...open]) cut()
    },
  }
}

function serve(context: StreamContext, upgrade: UpgradeRequest, what: StreamRequest): void {
  const wanted = upgrade.request.headers.upgrade?.toLowerCase()
  if (wanted !== 'websocket' && wanted !== 'spdy/3.1') throw upgradeRequired()
  outliveRequests(upgrade.socket)
  if (wanted === 'websocket') serveSocket(context, upgrade, what)
  else serveSpdy(context, upgrade, what)
}

/** What the HTTP server set on the socket is for requests that come and go. */
function outliveRequests(socket: Duplex): void {
  if (!(socket instanceof Socket)) return
  socket.setTimeout(0)
  socket.setNoDelay(true)
  socket.setKeepAlive(true)
}

function serveSpdy(context: StreamContext, upgrade: UpgradeRequest, what: StreamRequest): void {
  const { request, socket, head } = upgrade
  const options = what.kind === 'portforward' ? undefined : parseCommand(what.kind, what)
  const offered = listedProtocols(request.headers['x-stream-protocol-version'])
  const supported = options === undefined ? SPDY_FORWARD_PROTOCOLS : SPDY_COMMAND_PROTOCOLS
  const protocol = firstCommon(offered, supported)
  if (protocol === undefined) {
    refuseUpgrade(socket, offered.length === 0 ? protocolRequired() : noCommonProtocol(offered, supported))
    return
  }
  const lines = ['Connection: Upgrade', 'Upgrade: SPDY/3.1', `X-Stream-Protocol-Version: ${protocol}`]
  socket.write(`HTTP/1.1 101 Switching Protocols\r\n${lines.join('\r\n')}\r\n\r\n`)
  if (head.length > 0) socket.unshift(head)
  if (options === undefined) serveForwarding(context, socket, { namespace: what.namespace, name: what.pod })
  else serveCommand(context, socket, { options, protocol })
}

function serveSocket(context: StreamContext, upgrade: UpgradeRequest, what: StreamRequest): void {
  const offered = offeredSubprotocols(upgrade.request.headers['sec-websocket-protocol'])
  const supported = what.kind === 'portforward' ? SOCKET_FORWARD_PROTOCOLS : SOCKET_COMMAND_PROTOCOLS
  const protocol = firstCommon(offered, supported)
  if (protocol === undefined) {
    refuseUpgrade(upgrade.socket, noCommonProtocol(offered, supported))
    return
  }
  const handshake = { ...upgrade, protocol, messageBytes: context.limits.messageBytes }
  const pod = { namespace: what.namespace, name: what.pod }
  if (what.kind !== 'portforward') {
    const options = parseCommand(what.kind, what)
    acceptSocket(handshake, socket => void serveSocketCommand(context, socket, { options, protocol }))
  } else if (protocol === TUNNEL_PROTOCOL) {
    acceptSocket(handshake, socket => {
      // The session has pings and bounds of its own; what is no proper message closes the socket, which ends the link.
      socket.on('error', () => {})
      const link = createWebSocketStream(socket)
      // By itself the link ends only when all was read from it, which a stream without room prevents.
      socket.on('close', () => link.destroy())
      serveForwarding(context, link, pod)
    })
  } else {
    const ports = parsePorts(what)
    acceptSocket(handshake, socket => void serveSocketForwarding(context, socket, { pod, ports, protocol }))
  }
}
