import type { ClusterSettings, RetryCondition } from '../../model/sidecar-config.ts'

/** What holds for one cluster when requests fail or are too many: what was written, and defaults for the rest. */
export interface ClusterPolicy {
  readonly connectMillis: number
  /** Infinity: as long as it makes progress. So are the others below that nobody has to limit. */
  readonly requestMillis: number
  readonly maxConnections: number
  readonly maxPendingRequests: number
  readonly maxRequests: number
  readonly maxRequestsPerConnection: number
  readonly retry: RetryPolicy
  readonly ejection: EjectionPolicy
}

export interface RetryPolicy {
  /** Empty: only what never reached an endpoint, and only to another one. */
  readonly on: ReadonlySet<RetryCondition>
  readonly times: number
  readonly perTryMillis: number
  readonly backoffMillis: number
  /** At one time; undefined: a share of the requests that run. */
  readonly maxAtOnce: number | undefined
}

/** When an endpoint gets no more requests for a while. */
export interface EjectionPolicy {
  readonly failuresInRow: number
  /** The first time; twice as long the second time, three times the third. */
  readonly baseMillis: number
  readonly maxMillis: number
  /** Of the endpoints of the cluster; one may always go, where there are others. */
  readonly maxShare: number
}

/** Envoy's, docs/adr/0010 says where and why they differ. */
const EJECTION: EjectionPolicy = {
  failuresInRow: 5,
  baseMillis: 30_000,
  maxMillis: 300_000,
  maxShare: 0.1,
}

const CONNECT_MILLIS = 5000
const MOST = 1024
const RETRIES = 2
const BACKOFF_MILLIS = 25

export function clusterPolicy(settings: ClusterSettings = {}): ClusterPolicy {
  const { retry } = settings
  return {
    connectMillis: settings.connectMillis ?? CONNECT_MILLIS,
    requestMillis: settings.requestMillis ?? Number.POSITIVE_INFINITY,
    maxConnections: settings.maxConnections ?? MOST,
    maxPendingRequests: settings.maxPendingRequests ?? MOST,
    maxRequests: settings.maxRequests ?? MOST,
    maxRequestsPerConnection: settings.maxRequestsPerConnection ?? Number.POSITIVE_INFINITY,
    retry: {
      on: new Set(retry?.on ?? []),
      times: retry?.times ?? RETRIES,
      perTryMillis: retry?.perTryMillis ?? Number.POSITIVE_INFINITY,
      backoffMillis: retry?.backoffMillis ?? BACKOFF_MILLIS,
      maxAtOnce: settings.maxRetries,
    },
    ejection: EJECTION,
  }
}

/** The pod's own app: as many as connections are taken from others. Whom it can serve is for the app to say. */
const MOST_INBOUND = 10_000

export const INBOUND_POLICY: ClusterPolicy = clusterPolicy({
  maxConnections: MOST_INBOUND,
  maxPendingRequests: MOST_INBOUND,
  maxRequests: MOST_INBOUND,
})
