import type { IncomingHttpHeaders } from 'node:http'
import type { ObjectName } from '../client.ts'
import type { KubeEndpoint } from '../kube-endpoint.ts'
import type { KubePods, PodAnswer, PodRequest, ReadLogsOptions } from '../pods.ts'
import { PODS } from '../resources.ts'
import { objectPath, podProxyPath } from './api-path.ts'
import type { KubeHttpOptions } from './http-options.ts'
import { KubeTransport } from './kube-transport.ts'
import { readLines } from './lines.ts'
import type { OpenAnswer } from './open-answer.ts'
import { refusedAnswer } from './refused-answer.ts'
import { isStatus } from './status-answer.ts'

export interface HttpKubePods extends KubePods {
  /** Logs end quietly, all else fails. Resolves when no connection is open any more. */
  close(): Promise<void>
}

const MOST_LINE_BYTES = 1024 * 1024
const MOST_ANSWER_BYTES = 64 * 1024 * 1024

/** Logs and ports of pods, through a Kubernetes API over HTTP. */
export function createHttpKubePods(endpoint: KubeEndpoint, options: KubeHttpOptions = {}): HttpKubePods {
  const transport = new KubeTransport(endpoint, options)
  return {
    readLogs: (pod, container, logOptions = {}) => logLines(transport, { pod, container, ...logOptions }),
    podRequest: async (pod, port, request) =>
      podRequest(transport, podProxyPath(pod, port, request.path), request),
    close: () => transport.close(),
  }
}

interface LogRequest extends ReadLogsOptions {
  readonly pod: ObjectName
  readonly container: string | undefined
}

async function* logLines(transport: KubeTransport, request: LogRequest): AsyncGenerator<string> {
  const { signal } = request
  const ended = () => signal?.aborted === true || transport.closed
  if (ended()) return
  let answer: OpenAnswer | undefined
  try {
    answer = await openLog(transport, request)
    const lines = readLines(answer.message, { mostBytes: MOST_LINE_BYTES, longer: 'split' })
    for await (const line of lines) {
      if (ended()) return
      yield new TextDecoder().decode(line)
    }
  } catch (error) {
    if (ended()) return
    throw answer === undefined ? error : answer.failure(error)
  } finally {
    answer?.release()
  }
}

function openLog(transport: KubeTransport, request: LogRequest): Promise<OpenAnswer> {
  const { pod, container, follow, previous, timestamps, tailLines, sinceSeconds, signal } = request
  const flag = (value: boolean | undefined) => (value === true ? 'true' : undefined)
  const count = (value: number | undefined) => (value === undefined ? undefined : String(value))
  return transport.stream({
    method: 'GET',
    path: objectPath(PODS, pod, 'log'),
    headers: { accept: '*/*' },
    query: {
      container,
      follow: flag(follow),
      previous: flag(previous),
      timestamps: flag(timestamps),
      tailLines: count(tailLines),
      sinceSeconds: count(sinceSeconds),
    },
    ...(signal === undefined ? {} : { signal }),
    // A kubelet begins to answer with the first line, which may be long in coming.
    ...(follow === true ? { timeoutMillis: 'none' as const } : {}),
  })
}

async function podRequest(transport: KubeTransport, path: string, request: PodRequest): Promise<PodAnswer> {
  const { method = 'GET', body, signal, timeoutMillis } = request
  const answer = await transport.open({
    method,
    path,
    headers: { accept: '*/*', ...request.headers },
    once: true,
    ...(body === undefined ? {} : { body: typeof body === 'string' ? Buffer.from(body) : body }),
    ...(signal === undefined ? {} : { signal }),
    ...(timeoutMillis === undefined ? {} : { timeoutMillis }),
  })
  const { status, headers } = answer
  const bytes = await transport.bytes(answer, MOST_ANSWER_BYTES)
  if (status >= 400 && isOfApi(bytes)) {
    throw refusedAnswer(transport.endpoint, {
      method,
      status,
      headers,
      text: new TextDecoder().decode(bytes),
    })
  }
  return { status, headers: joined(headers), body: bytes }
}

/** What the API itself says: that it does not allow it, or does not reach the pod. */
function isOfApi(bytes: Uint8Array): boolean {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    return isStatus(value) && value['status'] === 'Failure'
  } catch {
    return false
  }
}

function joined(headers: IncomingHttpHeaders): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]],
    ),
  )
}
