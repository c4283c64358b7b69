import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Ground, SINK_PORT, UPSTREAM_H2_PORT, UPSTREAM_PORT } from './ground.ts'

const TYPES = 'type.googleapis.com/envoy'

export interface EnvoyOptions {
  readonly binary: string
  readonly port: number
  readonly h2Port: number
  /** All spans to the sink, as Zipkin. */
  readonly traced: boolean
}

/**
 * One worker, no access log, no administration; what the fields mean: www.envoyproxy.io/docs, API v3. Spans go out by
 * fives, as by default: with hundreds at once its reporter (1.40) takes four times as long for each.
 */
export function envoyCommand(ground: Ground, options: EnvoyOptions): readonly string[] {
  const { binary, port, h2Port, traced } = options
  const file = join(ground.folder, `envoy-${port}.json`)
  const http2 = { explicit_http_config: { http2_protocol_options: {} } }
  const configuration = {
    node: { id: 'bench', cluster: 'bench' },
    static_resources: {
      listeners: [listener(port, 'h1', traced), listener(h2Port, 'h2', traced)],
      clusters: [
        cluster('h1', UPSTREAM_PORT),
        cluster('h2', UPSTREAM_H2_PORT, http2),
        ...(traced ? [cluster('sink', SINK_PORT)] : []),
      ],
    },
  }
  writeFileSync(file, JSON.stringify(configuration))
  return [...[binary, '-c', file, '--concurrency', '1', '--disable-hot-restart', '--log-level', 'error']]
}

function address(port: number): object {
  return { socket_address: { address: '127.0.0.1', port_value: port } }
}

function listener(port: number, target: string, traced: boolean): object {
  const route = { match: { prefix: '/' }, route: { cluster: target } }
  const filters = `${TYPES}.extensions.filters`
  const manager = {
    '@type': `${filters}.network.http_connection_manager.v3.HttpConnectionManager`,
    stat_prefix: target,
    codec_type: target === 'h2' ? 'HTTP2' : 'HTTP1',
    route_config: { virtual_hosts: [{ name: 'all', domains: ['*'], routes: [route] }] },
    http_filters: [{ name: 'router', typed_config: { '@type': `${filters}.http.router.v3.Router` } }],
    ...(traced ? { tracing: tracing() } : {}),
  }
  return {
    name: target,
    address: address(port),
    filter_chains: [{ filters: [{ name: 'manager', typed_config: manager }] }],
  }
}

function tracing(): object {
  const zipkin = {
    '@type': `${TYPES.replace('/envoy', '/envoy.config.trace.v3')}.ZipkinConfig`,
    collector_cluster: 'sink',
    collector_endpoint: '/api/v2/spans',
    collector_endpoint_version: 'HTTP_JSON',
  }
  return {
    random_sampling: { value: 100 },
    provider: { name: 'zipkin', typed_config: zipkin },
  }
}

function cluster(name: string, port: number, protocol?: object): object {
  const options = { '@type': `${TYPES}.extensions.upstreams.http.v3.HttpProtocolOptions`, ...protocol }
  return {
    name,
    type: 'STATIC',
    connect_timeout: '5s',
    circuit_breakers: {
      thresholds: [{ max_connections: 10_000, max_pending_requests: 10_000, max_requests: 10_000 }],
    },
    load_assignment: {
      cluster_name: name,
      endpoints: [{ lb_endpoints: [{ endpoint: { address: address(port) } }] }],
    },
    ...(protocol === undefined
      ? {}
      : {
          typed_extension_protocol_options: {
            [`envoy.extensions.upstreams.http.v3.HttpProtocolOptions`]: options,
          },
        }),
  }
}
