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
  readonly accessLog: AccessLogSpec
}

export interface AccessLogSpec {
  /** Every sidecar writes a line of JSON about each exchange to its standard output. */
  readonly enable: boolean
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
  /** Responses say their trace and their request: `traceresponse` and `x-request-id`, where the app does not. */
  readonly responseHeaders: boolean
  /** Names of request headers, in lower case, whose values become tags. */
  readonly headerTags: readonly string[]
  /** What spans and access logs show of query strings. */
  readonly queryStrings: QueryStrings
}

export type SpanNaming = 'path' | 'host'

/** `redact`: the keys, with `REDACTED` for each value. `drop`: nothing from the question mark on. */
export type QueryStrings = 'keep' | 'redact' | 'drop'
