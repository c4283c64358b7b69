import type { Logger } from '../../runtime/logger.ts'

export interface KubeHttpOptions {
  /** Absent: `kiseki`. */
  readonly userAgent?: string
  /** What the server keeps as the author of changes (`metadata.managedFields`). Absent: `kiseki`. */
  readonly fieldManager?: string
  /** Until an answer is there as a whole, or the head of one that streams. Absent: 60,000. */
  readonly requestTimeoutMillis?: number
  /** After which the server ends a watch, which is then begun anew. Absent: 300. */
  readonly watchSeconds?: number
  /** Hears warnings of the server, and of retries. */
  readonly logger?: Logger
  /** Between retries. Absent: waits so long. Rejects when the signal aborts. */
  readonly wait?: (millis: number, signal: AbortSignal) => Promise<void>
}

export const DEFAULT_NAME = 'kiseki'
export const DEFAULT_TIMEOUT_MILLIS = 60_000
export const DEFAULT_WATCH_SECONDS = 300
