import {
  type ClientRequest,
  Agent as HttpAgent,
  request as httpRequest,
  type IncomingMessage,
} from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest, type RequestOptions } from 'node:https'
import type { KubeCredentials, KubeEndpoint } from '../kube-endpoint.ts'

export interface ExchangeRequest {
  readonly method: string
  /** Below the path of the endpoint, encoded, with query. */
  readonly path: string
  readonly headers: Readonly<Record<string, string | readonly string[]>>
  readonly body: Uint8Array | undefined
  readonly signal: AbortSignal
  readonly credentials: KubeCredentials
}

export interface ExchangeState {
  /** Whether the connection was made: what fails before never reached the server. */
  connected: boolean
  /** Whether the connection had served others: the server may have closed it just now. */
  reused: boolean
}

/** HTTP/1.1 to one server, over connections that are kept for the next request. */
export interface Connections {
  /** Resolves with the head of the answer. Rejects with what Node says; `state` tells how far it came. */
  exchange(request: ExchangeRequest, state: ExchangeState): Promise<IncomingMessage>
  /** Breaks off all that goes on. Resolves when nothing is open any more. */
  close(): Promise<void>
}

/** Shorter than servers keep theirs, or a request would be sent just as the other side hangs up. */
const IDLE_MILLIS = 30_000
const MOST_IDLE = 8
const PROBE_MILLIS = 15_000

export function createConnections(endpoint: KubeEndpoint): Connections {
  const options = {
    keepAlive: true,
    // Also the time after which TCP asks whether the other side is still there: a watch may be silent for long.
    keepAliveMsecs: PROBE_MILLIS,
    maxFreeSockets: MOST_IDLE,
    timeout: IDLE_MILLIS,
    scheduling: 'lifo' as const,
  }
  const encrypted = endpoint.server.protocol === 'https:'
  const agent = encrypted ? new HttpsAgent(options) : new HttpAgent(options)
  const request = encrypted ? httpsRequest : httpRequest
  const open = new Set<ClientRequest>()

  async function exchange(asked: ExchangeRequest, state: ExchangeState): Promise<IncomingMessage> {
    asked.signal.throwIfAborted()
    return new Promise((resolve, reject) => {
      const sent = request({ ...targetOf(endpoint, asked), agent })
      open.add(sent)
      sent.once('socket', socket => {
        state.reused = sent.reusedSocket
        state.connected = sent.reusedSocket
        if (sent.reusedSocket) return
        socket.once(encrypted ? 'secureConnect' : 'connect', () => {
          state.connected = true
        })
      })
      sent.once('response', resolve)
      sent.on('error', reject)
      // Not by the option `signal`: that throws its error through the socket, where after the answer nobody listens.
      const abort = () => sent.destroy()
      asked.signal.addEventListener('abort', abort)
      sent.once('close', () => {
        asked.signal.removeEventListener('abort', abort)
        open.delete(sent)
      })
      sent.end(asked.body)
    })
  }

  return {
    exchange,
    async close() {
      const closed = [...open].map(sent => new Promise(resolve => sent.once('close', resolve)))
      for (const sent of open) sent.destroy()
      agent.destroy()
      await Promise.all(closed)
    },
  }
}

function targetOf(endpoint: KubeEndpoint, asked: ExchangeRequest): RequestOptions {
  const { server, ca, serverName, insecure } = endpoint
  const { cert, key, headers } = asked.credentials
  const length = asked.body === undefined ? {} : { 'content-length': String(asked.body.length) }
  return {
    method: asked.method,
    protocol: server.protocol,
    hostname: server.hostname.replace(/^\[|\]$/g, ''),
    port: server.port,
    path: `${server.pathname.replace(/\/+$/, '')}${asked.path}`,
    headers: { ...asked.headers, ...length, ...headers },
    rejectUnauthorized: !insecure,
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined || key === undefined ? {} : { cert, key }),
    ...(serverName === undefined ? {} : { servername: serverName }),
  }
}
