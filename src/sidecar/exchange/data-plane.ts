import type { Clock } from '../../runtime/clock.ts'
import type { Connections } from '../net/connections.ts'
import type { Deadlines } from '../net/deadlines.ts'
import type { ConnectTarget } from '../net/socket-transport.ts'
import type { Transport, TransportOwner } from '../net/transport.ts'
import type { Tables } from '../routing/tables.ts'
import type { SidecarMetrics } from '../sidecar-metrics.ts'

/** What all connections of a sidecar share. */
export interface DataPlane {
  /** Those in force. Read once at the beginning of an exchange, then kept to its end. */
  tables: Tables
  readonly connections: Connections
  readonly deadlines: Deadlines
  readonly metrics: SidecarMetrics
  /** From 0 up to 1. */
  readonly random: () => number
  readonly clock: Clock
  connect(target: ConnectTarget, owner: TransportOwner): Transport
}
