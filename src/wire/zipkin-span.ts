import type { SpanId, TraceId } from '../model/ids.ts'

/** Zipkin's v2 JSON after it was checked: every field that is there is of its type, ids are padded and lower-case. */
export interface ZipkinSpan {
  readonly traceId: TraceId
  readonly id: SpanId
  /** Null where it was zero or the span's own id. */
  readonly parentId?: SpanId | null
  readonly kind?: ZipkinKind | null
  readonly name?: string | null
  /** Microseconds since the epoch; 0: none. */
  readonly timestamp?: number | null
  /** Microseconds; 0: none. */
  readonly duration?: number | null
  readonly localEndpoint?: ZipkinEndpoint | null
  readonly remoteEndpoint?: ZipkinEndpoint | null
  readonly annotations?: readonly ZipkinAnnotation[] | null
  readonly tags?: Readonly<Record<string, string>> | null
  readonly debug?: boolean | null
  readonly shared?: boolean | null
}

export type ZipkinKind = 'CLIENT' | 'SERVER' | 'PRODUCER' | 'CONSUMER'

export interface ZipkinEndpoint {
  readonly serviceName?: string | null
  readonly ipv4?: string | null
  readonly ipv6?: string | null
  /** 0: none. */
  readonly port?: number | null
}

export interface ZipkinAnnotation {
  readonly timestamp: number
  readonly value: string
}
