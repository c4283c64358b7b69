import type { Counter, Labels, Metrics } from '../runtime/metrics.ts'

export type Direction = 'inbound' | 'outbound'

/** What is counted for each cluster, under the names that osm-edge's dashboards ask for. */
export interface ClusterCounters {
  readonly requests: Counter
  /** By first digit of the status; at 0: ended without a response. */
  readonly byClass: readonly Counter[]
  readonly sentBytes: Counter
  readonly receivedBytes: Counter
  /** Requests refused because as many run as may. */
  readonly overflows: Counter
  /** Requests refused because as many wait for a connection as may. */
  readonly pendingOverflows: Counter
  readonly connectFailures: Counter
  readonly connectTimeouts: Counter
  /** Idle connections closed before the endpoint would. */
  readonly idleTimeouts: Counter
  /** Connections that were not made because there are as many as may be. */
  readonly connectionOverflows: Counter
  readonly retries: Counter
  /** Retries left out because too many run. */
  readonly retryOverflows: Counter
  readonly ejections: Counter
}

/** What is counted for each direction. */
export interface DirectionCounters {
  /** By first digit of the status; at 0: ended without a response. */
  readonly byClass: readonly Counter[]
  readonly sampled: Counter
  readonly unsampled: Counter
  readonly retries: Counter
  readonly refusedConnections: Counter
  readonly relays: Counter
  /** Connections of clients that were idle for too long. */
  readonly idleClosed: Counter
  failure(reason: string): Counter
}

export interface SidecarMetrics {
  cluster(name: string): ClusterCounters
  readonly inbound: DirectionCounters
  readonly outbound: DirectionCounters
}

const CLASSES = [0, 1, 2, 3, 4, 5]

export function createSidecarMetrics(metrics: Metrics): SidecarMetrics {
  metrics.gauge('sidecar_server_live', 'The sidecar runs.', () => 1)
  return {
    cluster: name => clusterCounters(metrics, name),
    inbound: directionCounters(metrics, 'inbound'),
    outbound: directionCounters(metrics, 'outbound'),
  }
}

function clusterCounters(metrics: Metrics, name: string): ClusterCounters {
  const labels = { sidecar_cluster_name: name }
  const prefix = 'sidecar_cluster_upstream'
  return {
    requests: metrics.counter(`${prefix}_rq_total`, 'Requests sent to the cluster.', labels),
    byClass: CLASSES.map(digit =>
      metrics.counter(`${prefix}_rq_xx`, 'Responses of the cluster by class of their status.', {
        sidecar_response_code_class: digit === 0 ? 'none' : String(digit),
        ...labels,
      }),
    ),
    sentBytes: metrics.counter(`${prefix}_cx_tx_bytes_total`, 'Bytes of bodies sent to the cluster.', labels),
    receivedBytes: metrics.counter(
      `${prefix}_cx_rx_bytes_total`,
      'Bytes of bodies received from the cluster.',
      labels,
    ),
    ...troubleCounters(metrics, labels),
  }
}

type TroubleCounters = Omit<ClusterCounters, 'requests' | 'byClass' | 'sentBytes' | 'receivedBytes'>

function troubleCounters(metrics: Metrics, labels: Labels): TroubleCounters {
  const counter = (name: string, help: string): Counter =>
    metrics.counter(`sidecar_cluster_${name}_total`, help, labels)
  return {
    connectFailures: counter('upstream_cx_connect_fail', 'Connections that could not be made.'),
    connectTimeouts: counter('upstream_cx_connect_timeout', 'Connections that took too long to be made.'),
    idleTimeouts: counter('upstream_cx_idle_timeout', 'Connections closed because they were idle.'),
    overflows: counter('upstream_rq_overflow', 'Requests refused because as many ran as may.'),
    pendingOverflows: counter(
      'upstream_rq_pending_overflow',
      'Requests refused because as many waited for a connection as may.',
    ),
    connectionOverflows: counter(
      'upstream_cx_overflow',
      'Requests that had to wait, and relays refused, because there were as many connections as may be.',
    ),
    retries: counter('upstream_rq_retry', 'Requests sent again.'),
    retryOverflows: counter('upstream_rq_retry_overflow', 'Retries left out because too many ran.'),
    ejections: counter(
      'outlier_detection_ejections',
      'Endpoints that got no requests for a while after failures.',
    ),
  }
}

function directionCounters(metrics: Metrics, direction: Direction): DirectionCounters {
  const labels = { direction }
  const sampling = (sampled: string): Counter =>
    metrics.counter('kiseki_sidecar_sampling_decisions_total', 'Requests by sampling decision.', {
      ...labels,
      sampled,
    })
  return {
    byClass: CLASSES.map(digit =>
      metrics.counter('kiseki_sidecar_requests_total', 'Exchanges that ended, by class of their status.', {
        ...labels,
        code_class: digit === 0 ? 'none' : `${digit}xx`,
      }),
    ),
    sampled: sampling('1'),
    unsampled: sampling('0'),
    retries: metrics.counter(
      'kiseki_sidecar_retries_total',
      'Requests sent again after a stale connection.',
      labels,
    ),
    refusedConnections: metrics.counter(
      'kiseki_sidecar_connections_refused_total',
      'Connections closed because there were too many.',
      labels,
    ),
    relays: metrics.counter('kiseki_sidecar_relays_total', 'Connections relayed as TCP.', labels),
    idleClosed: metrics.counter(
      'kiseki_sidecar_idle_connections_closed_total',
      'Connections of clients closed because they were idle for too long.',
      labels,
    ),
    failure: reason =>
      metrics.counter(
        'kiseki_sidecar_failures_total',
        'Exchanges that the sidecar refused or that broke off.',
        {
          ...labels,
          reason,
        },
      ),
  }
}
