import type { CollectorStatus } from '../../collector/collector-ledger.ts'
import type { Micros } from '../../model/micros.ts'
import type { Clock } from '../../runtime/clock.ts'
import { type HttpResponse, json, type Route } from '../../runtime/http-exchange.ts'
import { METRICS_CONTENT_TYPE, type Metrics } from '../../runtime/metrics.ts'
import type { SpanStoreStatus } from '../../storage/span-store.ts'
import { goDuration } from '../../trace/adjust/go-duration.ts'

export interface AdminOptions {
  readonly version: string
  readonly metrics: Metrics
  readonly clock: Clock
  /** When all listeners were open; undefined: not yet, or no longer. */
  readonly upSince: () => Micros | undefined
  readonly collector: () => CollectorStatus & {
    readonly inFlightBytes: number
    readonly maxInFlightBytes: number
  }
  readonly store: () => SpanStoreStatus
}

/** Health in the form of Jaeger v1, metrics for Prometheus, and both ledgers for people. */
export function adminRoutes(options: AdminOptions): readonly Route[] {
  return [
    { method: 'GET', path: '/', handle: () => health(options) },
    {
      method: 'GET',
      path: '/metrics',
      handle: () => ({
        status: 200,
        headers: { 'content-type': METRICS_CONTENT_TYPE },
        body: options.metrics.print(),
      }),
    },
    { method: 'GET', path: '/status', handle: () => status(options) },
  ]
}

const NEVER = '0001-01-01T00:00:00Z'

function health({ upSince, clock }: AdminOptions): HttpResponse {
  const since = upSince()
  if (since === undefined) {
    return json({ status: 'Server not available', upSince: NEVER, uptime: '0s' }, 503)
  }
  return json({
    status: 'Server available',
    upSince: isoTime(since),
    uptime: goDuration(clock.now() - since),
  })
}

function status(options: AdminOptions): HttpResponse {
  const store = options.store()
  const since = options.upSince()
  const page = {
    version: options.version,
    upSince: since === undefined ? null : isoTime(since),
    collector: { ledger: 'accepted = written + sum of dropped, in spans', ...options.collector() },
    store: {
      ledger: 'written = present + evicted + expired, in spans',
      ...store,
      ...(store.durable ? {} : { warning: 'What is present is lost with this process.' }),
    },
  }
  return {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: `${JSON.stringify(page, undefined, 2)}\n`,
  }
}

function isoTime(time: Micros): string {
  return new Date(time / 1000).toISOString()
}
