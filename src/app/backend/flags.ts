import {
  basePath,
  boolean,
  byteSize,
  count,
  duration,
  type FlagValue,
  list,
  listenAddress,
  logLevel,
  oneOf,
  optionalListenAddress,
} from './flag-values.ts'
import type { Settings } from './settings.ts'

/** What the defaults depend on. */
export interface Surroundings {
  /** Where all listens that is not told otherwise (`JAEGER_LISTEN_HOST`). Empty: on all interfaces. */
  readonly listenHost: string
  /** What the heap of this process may come to. */
  readonly heapLimitBytes: number
}

/** For a reference that is the same on every machine. */
export const referenceSurroundings: Surroundings = { listenHost: '127.0.0.1', heapLimitBytes: 4 * 2 ** 30 }

/** One setting, as a flag, as an environment variable, in the help and in the reference. */
export interface Flag<T> {
  /** Without the dashes. The variable has the same name in capitals, with `_` for `.` and `-`. */
  readonly name: string
  /** Names of older versions. */
  readonly aliases?: readonly string[]
  readonly help: string
  readonly value: FlagValue<T>
  /** Read like what a user writes. */
  readonly fallback: (surroundings: Surroundings) => string
}

export type FlagTable = { readonly [Name in keyof Settings]: Flag<Settings[Name]> }

/** Jaeger v1's names, where it has the setting. */
export const FLAGS: FlagTable = {
  zipkin: {
    name: 'collector.zipkin.host-port',
    aliases: ['collector.zipkin.http-port'],
    help: 'Where spans are received in Zipkin JSON v2.',
    value: optionalListenAddress,
    fallback: on(9411),
  },
  otlp: {
    name: 'collector.otlp.enabled',
    help: 'Whether spans are received in OTLP at all.',
    value: boolean,
    fallback: () => 'true',
  },
  otlpGrpc: {
    name: 'collector.otlp.grpc.host-port',
    help: 'Where spans are received in OTLP over gRPC.',
    value: optionalListenAddress,
    fallback: on(4317),
  },
  otlpHttp: {
    name: 'collector.otlp.http.host-port',
    help: 'Where spans are received in OTLP over HTTP, protobuf and JSON, at /v1/traces.',
    value: optionalListenAddress,
    fallback: on(4318),
  },
  otlpCorsOrigins: {
    name: 'collector.otlp.http.cors.allowed-origins',
    help: 'Origins of web pages that may send spans in OTLP; * for any.',
    value: list,
    fallback: () => '*',
  },
  otlpCorsHeaders: {
    name: 'collector.otlp.http.cors.allowed-headers',
    help: 'Headers that such pages may set.',
    value: list,
    fallback: () => 'content-type',
  },
  corsOrigins: {
    name: 'collector.zipkin.cors.allowed-origins',
    help: 'Origins of web pages that may send spans; * for any.',
    value: list,
    fallback: () => '*',
  },
  corsHeaders: {
    name: 'collector.zipkin.cors.allowed-headers',
    help: 'Headers that such pages may set.',
    value: list,
    fallback: () => 'content-type',
  },
  query: {
    name: 'query.http-server.host-port',
    aliases: ['query.host-port'],
    help: "Where the page and Jaeger's API are.",
    value: listenAddress,
    fallback: on(16686),
  },
  basePath: {
    name: 'query.base-path',
    help: 'The path below which the page and the API are.',
    value: basePath,
    fallback: () => '/',
  },
  maxClockSkew: {
    name: 'query.max-clock-skew-adjustment',
    help: 'How far the times of a span may be moved to make up for clocks that differ; 0s moves none.',
    value: duration,
    fallback: () => '0s',
  },
  admin: {
    name: 'admin.http.host-port',
    help: 'Where health, metrics and status are.',
    value: listenAddress,
    fallback: on(14269),
  },
  storage: {
    name: 'span-storage.type',
    help: 'What keeps the spans.',
    value: oneOf('memory'),
    fallback: () => 'memory',
  },
  maxTraces: {
    name: 'memory.max-traces',
    help: 'How many traces are kept in memory; 0 for as many as there is room for.',
    value: count,
    fallback: () => '0',
  },
  maxBytes: {
    name: 'memory.max-bytes',
    help: 'How much memory the spans may take. When it is full, the trace that came first goes.',
    value: byteSize,
    fallback: ({ heapLimitBytes }) => `${Math.floor(Math.min(256, (heapLimitBytes / 2 ** 20) * 0.4))}MiB`,
  },
  logLevel: {
    name: 'log-level',
    help: 'The least important lines that are logged.',
    value: logLevel,
    fallback: () => 'info',
  },
}

function on(port: number): (surroundings: Surroundings) => string {
  return ({ listenHost }) => `${listenHost.includes(':') ? `[${listenHost}]` : listenHost}:${port}`
}

export function variableName(flag: string): string {
  return flag.toUpperCase().replaceAll(/[.-]/g, '_')
}
