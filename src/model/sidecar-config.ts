import type { QueryStrings, SpanNaming } from './mesh-config.ts'

/** Numbers a compiled SidecarConfig: the same content has the same revision. */
export type Revision = string & { readonly __brand: 'Revision' }

export function toRevision(text: string): Revision {
  return text as Revision
}

/**
 * What one sidecar needs, compiled from MeshConfig, Services, Endpoints and Pods, with no look-up left to do.
 * It is streamed as JSON by the control plane and shown by the sidecar's `config_dump`.
 */
export interface SidecarConfig {
  readonly revision: Revision
  readonly identity: SidecarIdentity
  readonly inbound: InboundConfig
  readonly outbound: OutboundConfig
  /** Absent: tracing is off; headers pass untouched and nothing is exported. */
  readonly tracing?: TracingConfig
  /** Absent: nothing is logged. */
  readonly accessLog?: AccessLogConfig
  /** Milliseconds without progress after which a connect, a head or a body is given up. */
  readonly timeoutMillis: number
}

export interface SidecarIdentity {
  readonly mesh: string
  readonly namespace: string
  readonly pod: string
  /** UID of the pod: tag `node_id`. */
  readonly podUid: string
  /** Name of the Deployment (or other controller): the service name of the spans. */
  readonly workload: string
  readonly serviceAccount: string
  /** The pod's address: `localEndpoint.ipv4`. */
  readonly address: string
}

export type Protocol = 'http' | 'tcp'

export interface InboundConfig {
  /** By container port as the manifest says it, decimal. */
  readonly ports: Readonly<Record<string, InboundPort>>
}

export interface InboundPort {
  readonly protocol: Protocol
  /** Where the app really listens. On one machine the port differs from the container port. */
  readonly target: SocketAddress
  /** osm-edge's name, `<namespace>/<service>|<port>|local`. */
  readonly cluster: string
}

export interface OutboundConfig {
  /** Authority as an app writes it, lower case, with port (`shop.store:8080`) → name of a cluster. */
  readonly hosts: Readonly<Record<string, string>>
  readonly clusters: Readonly<Record<string, Cluster>>
  /** What to do with an authority that is not in `hosts`: pass it on, or answer 403. */
  readonly egress: boolean
}

export interface Cluster {
  readonly protocol: Protocol
  readonly endpoints: readonly ClusterEndpoint[]
  /** Absent, or absent in it: the sidecar's own defaults. */
  readonly settings?: ClusterSettings
}

/** What was written about the failures of one cluster. */
export interface ClusterSettings {
  readonly connectMillis?: number
  /** The longest that a whole exchange may take, its attempts together. Absent: as long as it makes progress. */
  readonly requestMillis?: number
  readonly maxConnections?: number
  /** Requests that wait for a connection. */
  readonly maxPendingRequests?: number
  readonly maxRequests?: number
  readonly maxRequestsPerConnection?: number
  /** Retries that run at one time. Absent: a share of the requests that run. */
  readonly maxRetries?: number
  /** Absent: only what never reached an endpoint is sent again. */
  readonly retry?: RetrySettings
}

/** When a request is sent again, in the words of Envoy's `retry_on`. */
export const RETRY_CONDITIONS = [
  '5xx',
  'gateway-error',
  'connect-failure',
  'refused-stream',
  'reset',
  'retriable-4xx',
] as const

export type RetryCondition = (typeof RETRY_CONDITIONS)[number]

export interface RetrySettings {
  readonly on: readonly RetryCondition[]
  /** Beyond the first attempt. */
  readonly times: number
  /** How long an attempt may take to the head of its response. Absent: only the other timeouts hold. */
  readonly perTryMillis?: number
  /** The pause before the first retry; it doubles from one to the next. */
  readonly backoffMillis?: number
}

export interface ClusterEndpoint {
  /** Pod address and container port: tag `peer.address`, and the destination that is named to the other sidecar. */
  readonly address: string
  readonly port: number
  /** Relative, above 0. */
  readonly weight: number
  /**
   * Absent: connect to address and port (the pod has no sidecar, or the kernel redirects to it).
   * Present: connect here, and begin with a PROXY protocol v1 line that names address and port
   * (haproxy.org/download/2.9/doc/proxy-protocol.txt): on one machine nothing redirects.
   */
  readonly via?: SocketAddress
}

export interface SocketAddress {
  readonly address: string
  readonly port: number
}

export interface TracingConfig {
  /** As in the MeshConfig: a host name or address. */
  readonly address: string
  readonly port: number
  readonly endpoint: string
  /** 0 to 1. */
  readonly sampledFraction: number
  readonly spanName: SpanNaming
  readonly responseHeaders: boolean
  /** In lower case. */
  readonly headerTags: readonly string[]
  readonly queryStrings: QueryStrings
  /** Where `address` and `port` lead when it is a name of the mesh; empty: the system resolves it. */
  readonly resolved: readonly SocketAddress[]
}

export interface AccessLogConfig {
  readonly queryStrings: QueryStrings
}

/** What a sidecar answers to a SidecarConfig. */
export type ConfigAnswer =
  | { readonly status: 'applied'; readonly revision: Revision }
  | { readonly status: 'refused'; readonly revision: Revision; readonly reason: string }
