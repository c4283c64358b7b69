/**
 * What an operator writes: `meshconfigs.config.openservicemesh.io`, v1alpha2, one object `osm-mesh-config`.
 * Only the fields that the product acts on; names and defaults are osm-edge's.
 */
export interface MeshConfigSpec {
  readonly sidecar: SidecarSpec
  readonly traffic: TrafficSpec
  readonly observability: ObservabilitySpec
}

export interface SidecarSpec {
  /** Seconds: connect, read, write and idle timeout of a request. */
  readonly sidecarTimeout: number
  readonly logLevel: string
}

export interface TrafficSpec {
  /** Requests to hosts that the mesh does not know go to where they were sent. */
  readonly enableEgress: boolean
  readonly enablePermissiveTrafficPolicyMode: boolean
}

export interface ObservabilitySpec {
  readonly tracing: TracingSpec
}

export interface TracingSpec {
  readonly enable: boolean
  /** Host of the collector. Empty: `jaeger.<mesh namespace>.svc.cluster.local`. */
  readonly address: string
  /** 1 to 65535. */
  readonly port: number
  /** Path that spans are posted to. */
  readonly endpoint: string
  /** A decimal from "0" to "1", as text: the CRD says so. */
  readonly sampledFraction: string
  /** `path`: `GET /books/{id}`. `host`: osm-edge's names, the Host header. */
  readonly spanName: SpanNaming
}

export type SpanNaming = 'path' | 'host'
