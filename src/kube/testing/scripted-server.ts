import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import { createServer as createTlsServer, type ServerOptions } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { CredentialOptions, KubeCredentials, KubeEndpoint } from '../kube-endpoint.ts'

/** A request as it came in. */
export interface Heard {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingMessage['headers']
  readonly body: string
  /** The client's port: the same for requests over the same connection. */
  readonly connection: number
}

export type Answer = (response: ServerResponse, heard: Heard) => unknown

export interface ScriptedServer {
  readonly url: string
  readonly heard: readonly Heard[]
  endpoint(changes?: Partial<KubeEndpoint>): KubeEndpoint
  close(): Promise<void>
}

/** Answers requests in the order of the script, the last answer as often as it is asked. */
export async function startScriptedServer(
  script: readonly Answer[],
  tls?: ServerOptions,
): Promise<ScriptedServer> {
  const heard: Heard[] = []
  const listener: RequestListener = async (request, response) => {
    const pieces: Buffer[] = []
    for await (const piece of request) pieces.push(piece)
    const url = new URL(request.url ?? '', 'http://h')
    const one: Heard = {
      method: request.method ?? '',
      path: url.pathname,
      query: url.searchParams,
      headers: request.headers,
      body: Buffer.concat(pieces).toString(),
      connection: request.socket.remotePort ?? 0,
    }
    heard.push(one)
    await script[Math.min(heard.length, script.length) - 1]?.(response, one)
  }
  const server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  // A server that listens on a port has such an address.
  const { port } = server.address() as AddressInfo
  const url = `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`
  return {
    url,
    heard,
    endpoint: changes => ({
      server: new URL(url),
      insecure: false,
      namespace: 'default',
      source: 'the test',
      credentials: async () => ({ headers: {} }),
      ...changes,
    }),
    async close() {
      const closed = new Promise(resolve => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}

export const json =
  (value: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Answer =>
  response => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value))
  }

export const text =
  (status: number, type: string, body: string, headers: Readonly<Record<string, string>> = {}): Answer =>
  response => {
    response.writeHead(status, { 'content-type': type, ...headers }).end(body)
  }

/** A failure as kube-apiserver tells it. */
export const status = (code: number, reason: string, message: string, extra: object = {}): Answer =>
  json(
    { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code, ...extra },
    code,
  )

/** Gives one token after the other, each time it is asked for a new one. */
export function tokens(...list: readonly string[]): {
  readonly credentials: (options?: CredentialOptions) => Promise<KubeCredentials>
  readonly asked: number
} {
  let at = 0
  return {
    async credentials({ renew } = {}) {
      if (renew === true && at < list.length - 1) at++
      return { headers: { authorization: `Bearer ${list[at]}` } }
    },
    get asked() {
      return at
    },
  }
}
