import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { connect } from 'node:net'
import type { Probe } from '../../model/kubernetes-pod.ts'
import type { SocketAddress } from '../../model/sidecar-config.ts'
import { askExec, type ExecGround } from './exec-probe.ts'

export interface ProbeOptions extends ProbedContainer {
  readonly probe: Probe
}

/** What the probes of a container need of it. */
export interface ProbedContainer {
  /** Where a port of the container really is; undefined where it has no such port. */
  readonly target: (port: number | string) => SocketAddress | undefined
  /** Undefined while it does not run. */
  readonly ground: () => ExecGround | undefined
}

const DEFAULT_TIMEOUT_SECONDS = 1
const USER_AGENT = 'kube-probe/1.32'

/** Asks once. Undefined when all is well, else what is not. Never rejects. */
export async function askProbe({ probe, target, ground }: ProbeOptions): Promise<string | undefined> {
  const { httpGet, tcpSocket, exec, timeoutSeconds = DEFAULT_TIMEOUT_SECONDS } = probe
  const signal = AbortSignal.timeout(timeoutSeconds * 1000)
  if (exec !== undefined) {
    const on = ground()
    return on === undefined ? 'the container does not run' : askExec(exec.command ?? [], on, signal)
  }
  const handler = httpGet ?? tcpSocket
  if (handler === undefined) return undefined
  const found = target(handler.port)
  if (found === undefined) return `the container has no port "${handler.port}"`
  const at = handler.host === undefined ? found : { address: handler.host, port: found.port }
  return httpGet === undefined ? askTcp(at, signal) : askHttp(httpGet, at, signal)
}

/** Whether a probe is one that can be asked here. */
export function isAskable({ httpGet, tcpSocket, exec }: Probe): boolean {
  return httpGet !== undefined || tcpSocket !== undefined || exec !== undefined
}

function askHttp(
  get: NonNullable<Probe['httpGet']>,
  { address, port }: SocketAddress,
  signal: AbortSignal,
): Promise<string | undefined> {
  const secure = get.scheme?.toUpperCase() === 'HTTPS'
  const path = get.path?.startsWith('/') ? get.path : `/${get.path ?? ''}`
  const own = (get.httpHeaders ?? []).map(({ name, value }) => [name.toLowerCase(), value])
  const headers = { 'user-agent': USER_AGENT, accept: '*/*', ...Object.fromEntries(own) }
  // Kubernetes does not check certificates of probes either.
  const options = { host: address, port, path, headers, signal, agent: false, rejectUnauthorized: false }
  return new Promise(resolve => {
    const failed = (error: Error) =>
      resolve(`Get "${secure ? 'https' : 'http'}://${address}:${port}${path}": ${reasonOf(error, signal)}`)
    try {
      const request = (secure ? httpsRequest : httpRequest)(options, response => {
        const { statusCode = 0 } = response
        response.destroy()
        const well = statusCode >= 200 && statusCode < 400
        resolve(well ? undefined : `HTTP probe failed with statuscode: ${statusCode}`)
      })
      request.on('error', failed)
      request.end()
    } catch (error) {
      // A path or header that cannot be sent.
      failed(error instanceof Error ? error : new Error(String(error)))
    }
  })
}

function askTcp({ address, port }: SocketAddress, signal: AbortSignal): Promise<string | undefined> {
  return new Promise(resolve => {
    const socket = connect({ host: address, port, signal })
    socket.on('connect', () => {
      socket.destroy()
      resolve(undefined)
    })
    socket.on('error', error => resolve(`dial tcp ${address}:${port}: ${reasonOf(error, signal)}`))
  })
}

function reasonOf(error: Error, signal: AbortSignal): string {
  return signal.aborted ? 'timeout' : error.message
}
