import type { ObjectName } from './client.ts'

export interface ReadLogsOptions {
  /** Goes on with what is printed, until the container ends. */
  readonly follow?: boolean
  /** The last so many lines only. */
  readonly tailLines?: number
  /** What is at most so old. */
  readonly sinceSeconds?: number
  /** Each line begins with its time (RFC 3339, nanoseconds) and a space. */
  readonly timestamps?: boolean
  /** Of the run before the last restart. */
  readonly previous?: boolean
  readonly signal?: AbortSignal
}

export interface PodRequest {
  /** Absent: GET. */
  readonly method?: string
  /** Begins with `/`, encoded as in a URL, with query. */
  readonly path: string
  /** A text is sent as UTF-8. */
  readonly body?: string | Uint8Array
  readonly headers?: Readonly<Record<string, string>>
  /** Aborting it rejects with its reason. */
  readonly signal?: AbortSignal
  /** Until the whole answer is there. Absent: 60,000. */
  readonly timeoutMillis?: number
}

/** What the pod answered, whatever its status. */
export interface PodAnswer {
  readonly status: number
  /** Names in lower case; what came several times is joined with `, `. */
  readonly headers: Readonly<Record<string, string>>
  /** Decompressed. */
  readonly body: Uint8Array
}

/** What goes through the Kubernetes API to the pods themselves. Failures are those of `KubeClient`. */
export interface KubePods {
  /**
   * The lines of a container's log, without line ends; very long ones come in parts. Ends quietly when the signal
   * aborts. `container` may be absent where a pod has but one, or names a default.
   */
  readLogs(pod: ObjectName, container: string | undefined, options?: ReadLogsOptions): AsyncIterable<string>
  /** A request to a port of a pod, over plain HTTP. `KISEKI_API_FAILED` when the API cannot reach the pod. */
  podRequest(pod: ObjectName, port: number, request: PodRequest): Promise<PodAnswer>
}
