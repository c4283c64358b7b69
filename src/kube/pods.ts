import type { ObjectName } from './client.ts'

export interface PodLogOptions {
  /** The last so many lines only. */
  readonly tail?: number
  /** Goes on with what is written, until the container has ended. */
  readonly follow?: boolean
  readonly signal?: AbortSignal
}

export interface PodRequestOptions {
  readonly method: string
  /** With the query: `/config_dump`. */
  readonly path: string
  readonly body?: Uint8Array
  readonly signal?: AbortSignal
  readonly timeoutMillis?: number
}

export interface PodResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly body: Uint8Array
}

/** What can be asked of a running pod, through the API: no other way to it is needed. */
export interface KubePods {
  /** The lines that a container printed. `KISEKI_NOT_FOUND` where there is no such pod or container. */
  readLogs(pod: ObjectName, container: string, options?: PodLogOptions): AsyncIterable<string>
  /** Speaks HTTP to a port of the pod. Whatever the pod answers is an answer; throws where it gives none. */
  podRequest(pod: ObjectName, port: number, request: PodRequestOptions): Promise<PodResponse>
}
