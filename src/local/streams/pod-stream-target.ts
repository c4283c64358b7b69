import type { Socket } from 'node:net'
import type { Readable, Writable } from 'node:stream'

export interface PodName {
  readonly namespace: string
  readonly name: string
}

/** What the streams lead to: the pods as they run. */
export interface PodStreamTarget {
  /**
   * A connection to the port of the pod itself, past any sidecar; made with `allowHalfOpen`, or what comes after the
   * client's last byte is lost. Throws a KisekiError, whose message the user reads.
   */
  connect(pod: PodName, port: number): Promise<Socket>
  /** Starts the command. Throws a KisekiError, whose message the user reads. */
  exec(request: ExecRequest): Promise<ExecProcess>
  /** Joins the first process of the container. Throws as `exec` does. */
  attach(request: AttachRequest): Promise<ExecProcess>
}

export interface AttachRequest {
  readonly pod: PodName
  /** Absent: the client named none. */
  readonly container: string | undefined
  /** Whether the client will send something. */
  readonly stdin: boolean
  /** With one, there is no `stderr` apart. */
  readonly tty: boolean
}

export interface ExecRequest extends AttachRequest {
  /** At least one word. */
  readonly command: readonly string[]
}

/** A command that runs for a client, or the outputs of a container that a client looks at. */
export interface ExecProcess {
  readonly stdin?: Writable
  readonly stdout: Readable
  readonly stderr?: Readable
  resize?(columns: number, rows: number): void
  /** Resolves after `kill()` too, for an attached container that goes on as well. Never rejects. */
  readonly exited: Promise<ProcessExit>
  /** The client is gone. Ends a command; only lets go of an attached container. Harmless when it has ended. */
  kill(): void
}

/** One of the three: it ended by itself, by a signal (`SIGTERM`), or could not be run at all. */
export interface ProcessExit {
  readonly code?: number
  readonly signal?: string
  readonly error?: string
}
