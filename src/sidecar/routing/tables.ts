import type { SidecarConfig } from '../../model/sidecar-config.ts'
import type { AccessLog } from '../access-log/access-log.ts'
import type { Refusal } from '../http/refusal.ts'
import type { Tracing } from '../tracing/tracing.ts'
import type { Route } from './route.ts'

/** A SidecarConfig made ready for look-ups. Never changed: the next one is built beside it and takes its place. */
export interface Tables {
  readonly config: SidecarConfig
  readonly timeoutMillis: number
  readonly inbound: InboundRoutes
  readonly outbound: OutboundRoutes
  /** Undefined: tracing is off. */
  readonly tracing: Tracing | undefined
  /** Undefined: nothing is logged. */
  readonly accessLog: AccessLog | undefined
}

export interface InboundRoutes {
  /** By container port. */
  readonly byPort: ReadonlyMap<number, Route>
  /** The only port, where there is one only. */
  readonly only: Route | undefined
}

export interface OutboundRoutes {
  /** By authority, as an app wrote it. */
  find(authority: string): Route | Refusal
  readonly routes: readonly Route[]
  /** Closes the idle connections to hosts beyond the mesh: other tables are in force. */
  retire(): void
}
