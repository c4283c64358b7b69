import type { ObjectName } from '../../kube/client.ts'
import { KubeFailure } from '../../kube/kube-failure.ts'
import type { ContainerStatus, Pod } from '../../model/kubernetes-pod.ts'
import type { HttpRequest, HttpResponse } from '../../runtime/http-exchange.ts'
import { checkContainer, containerNames } from './pod-container.ts'

export interface LogOptions {
  /** Goes on with what is printed, until the container ends or the signal aborts. */
  readonly follow: boolean
  /** The last so many lines only. */
  readonly tail?: number
  /** Only lines that are not older, in microseconds since the epoch. */
  readonly sinceMicros?: number
  /** Each line begins with its time. */
  readonly timestamps: boolean
  /** Of the run before the last restart. */
  readonly previous: boolean
  readonly signal: AbortSignal
}

export type ReadLogs = (pod: ObjectName, container: string, options: LogOptions) => AsyncIterable<string>

export interface PodLogsOptions {
  readonly readLogs: ReadLogs
  /** Microseconds since the epoch. */
  readonly now: () => number
  /** Aborts when the server stops. */
  readonly closing: AbortSignal
}

/** `GET …/pods/NAME/log`: the lines that a container printed. */
export function answerLogs(pod: Pod, request: HttpRequest, options: PodLogsOptions): HttpResponse {
  const { query } = request
  const container = containerOf(pod, query.get('container') ?? '')
  const previous = isTrue(query.get('previous'))
  checkStarted(pod, container, previous)
  const lines = options.readLogs(pod.metadata, container, {
    follow: isTrue(query.get('follow')),
    timestamps: isTrue(query.get('timestamps')),
    previous,
    signal: AbortSignal.any([request.signal, options.closing]),
    ...numberOption('tail', query.get('tailLines')),
    ...since(query, options.now()),
  })
  const limit = numberOption('bytes', query.get('limitBytes')).bytes
  return {
    status: 200,
    headers: { 'content-type': 'text/plain', 'cache-control': 'no-cache, private' },
    body: textOf(lines, limit),
  }
}

/** Ended lines, at most so many bytes. */
async function* textOf(
  lines: AsyncIterable<string>,
  limit = Number.POSITIVE_INFINITY,
): AsyncGenerator<Buffer> {
  let left = limit
  for await (const line of lines) {
    const bytes = Buffer.from(`${line}\n`)
    yield bytes.length <= left ? bytes : bytes.subarray(0, left)
    left -= bytes.length
    if (left <= 0) return
  }
}

function containerOf(pod: Pod, asked: string): string {
  const { metadata, spec } = pod
  checkContainer(pod, asked)
  if (asked !== '') return asked
  const [only] = spec.containers
  if (only !== undefined && spec.containers.length === 1) return only.name
  throw new KubeFailure(
    'BadRequest',
    `a container name must be specified for pod ${metadata.name}, choose one of: [${containerNames(pod).join(' ')}]`,
  )
}

/** A container that never ran has printed nothing, for a reason; before its first start there was none. */
function checkStarted({ metadata, status }: Pod, container: string, previous: boolean): void {
  const all = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])]
  const found = all.find(({ name }) => name === container)
  if (previous && found?.lastState?.terminated === undefined)
    throw new KubeFailure(
      'BadRequest',
      `previous terminated container "${container}" in pod "${metadata.name}" not found`,
    )
  if (found === undefined || hasRun(found)) return
  const { reason = 'ContainerCreating', message } = found.state.waiting ?? {}
  throw new KubeFailure(
    'BadRequest',
    `container "${container}" in pod "${metadata.name}" is waiting to start: ${message ?? reason}`,
  )
}

function hasRun({ state, lastState, restartCount }: ContainerStatus): boolean {
  return state.waiting === undefined || lastState?.terminated !== undefined || restartCount > 0
}

function since(query: URLSearchParams, nowMicros: number): { readonly sinceMicros?: number } {
  const seconds = numberOption('seconds', query.get('sinceSeconds')).seconds
  if (seconds !== undefined) return { sinceMicros: nowMicros - seconds * 1_000_000 }
  const time = query.get('sinceTime')
  if (time === null) return {}
  const millis = Date.parse(time)
  if (Number.isNaN(millis)) throw new KubeFailure('BadRequest', `sinceTime: Invalid value: "${time}"`)
  return { sinceMicros: millis * 1000 }
}

function numberOption<K extends string>(key: K, text: string | null): { readonly [name in K]?: number } {
  if (text === null || text === '' || text === '-1') return {}
  if (/^\d+$/.test(text)) return { [key]: Number(text) } as { readonly [name in K]?: number }
  throw new KubeFailure('BadRequest', `${key}: Invalid value: "${text}": must be a whole number`)
}

function isTrue(text: string | null): boolean {
  return text === 'true' || text === '1'
}
