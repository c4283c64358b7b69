import type { TraceHeaders } from '../../wire/trace-context.ts'
import type { NoticedRequest } from './exchange-span.ts'

/** What tracing reads of a request, whatever version of HTTP it came by. Texts are Latin-1, as they came. */
export interface TracedRequest extends NoticedRequest {
  /** Empty: none came. */
  readonly requestId: string
  readonly trace: TraceHeaders
  /** Lines of headers, each ended: all that may be asked for as tags. */
  readonly kept: string
}
