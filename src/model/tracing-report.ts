import type { Micros } from './micros.ts'
import type { Revision } from './sidecar-config.ts'

/**
 * What one sidecar has to say about its tracing: `GET /tracing` of its admin port. Counts begin with the process; all
 * are of one moment.
 */
export interface TracingReport {
  /** Of the configuration in force; absent before the first. */
  readonly revision?: Revision
  /** Absent: tracing is off. */
  readonly tracing?: TracingInForce
  readonly requests: Readonly<Record<'inbound' | 'outbound', RequestCounts>>
  readonly spans: SpanCounts
  /** The last attempt to send a batch to the collector in force; absent where there was none yet. */
  readonly lastExport?: ExportAttempt
}

export interface TracingInForce {
  /** As in the MeshConfig: a host name or address. */
  readonly address: string
  readonly port: number
  readonly endpoint: string
  /** 0 to 1. */
  readonly sampledFraction: number
}

export interface RequestCounts {
  /** Exchanges that ended, traced or not. */
  readonly seen: number
  /** Requests that began while tracing was on, by decision. */
  readonly sampled: number
  readonly notSampled: number
}

/** recorded = acknowledged + queued + the sum of dropped. */
export interface SpanCounts {
  readonly recorded: number
  readonly acknowledged: number
  readonly queued: number
  /** By `DropReason`; a sidecar of another release may have more of them. */
  readonly dropped: Readonly<Record<string, number>>
}

/** `refused` and `unavailable` are answers of the collector, 4xx and 5xx: it can be reached. */
export type ExportOutcome = 'acknowledged' | 'refused' | 'unavailable' | 'unreachable'

export interface ExportAttempt {
  /** When it ended, since the Unix epoch. */
  readonly at: Micros
  readonly outcome: ExportOutcome
  /** Status and first words of the answer, or the error; empty where it was acknowledged. */
  readonly detail: string
}

/** Undefined: nobody knows, for nothing was sent yet. */
export function collectorReachable(report: TracingReport): boolean | undefined {
  return report.lastExport === undefined ? undefined : report.lastExport.outcome !== 'unreachable'
}
