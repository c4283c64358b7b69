import type { Counter, Metrics } from '../runtime/metrics.ts'

export type Direction = 'inbound' | 'outbound'

/** What is counted for each cluster, under the names that osm-edge's dashboards ask for. */
export interface ClusterCounters {
  readonly requests: Counter
  /** By first digit of the status; at 0: ended without a response. */
  readonly byClass: readonly Counter[]
  readonly sentBytes: Counter
  readonly receivedBytes: Counter
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
