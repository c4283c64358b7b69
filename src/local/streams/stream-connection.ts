import type { Logger } from '../../runtime/logger.ts'
import type { PodStreamTarget } from './pod-stream-target.ts'
import type { StreamLimits } from './stream-limits.ts'

/** What serving one upgraded connection takes, beside its request. */
export interface StreamContext {
  readonly target: PodStreamTarget
  readonly limits: StreamLimits
  readonly logger: Logger
  /** The connection is open from now on, and may be cut by `cut`. Returns what to call when it is closed. */
  readonly opened: (cut: () => void) => () => void
}
