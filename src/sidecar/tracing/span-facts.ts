import type { Micros } from '../../model/micros.ts'

/** What a span says that differs from exchange to exchange. Texts from heads are Latin-1, as they came. */
export interface SpanFacts {
  /** 16 digits where it came so, else 32. */
  readonly traceId: string
  readonly spanId: string
  readonly parentId: string | undefined
  readonly shared: boolean
  readonly debug: boolean
  /** As JSON, quotes included: it is the same again and again. So are cluster and peer. */
  readonly name: string
  readonly start: Micros
  readonly duration: Micros
  readonly host: string
  readonly target: string
  /** A token: nothing in it needs quoting. */
  readonly method: string
  /** `HTTP/1.1` and the like. */
  readonly protocol: string
  /** 0: there was no response. */
  readonly status: number
  readonly requestBytes: number
  readonly responseBytes: number
  /** Empty: none was found. */
  readonly cluster: string
  /** `"address:port"`; empty: none was chosen. */
  readonly peer: string
  /** The other side; each part may be missing (empty, 0). */
  readonly remoteService: string
  readonly remoteAddress: string
  readonly remotePort: number
  readonly requestId: string
  readonly userAgent: string
  /** Members of the tags, each behind a comma; empty: none. */
  readonly headerTags: string
  /** The same for what is known of a call of gRPC. */
  readonly callTags: string
  /** Empty: the exchange went well. */
  readonly error: string
}
