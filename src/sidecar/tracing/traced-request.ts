import type { TraceHeaders } from '../../wire/trace-context.ts'
import type { NamedRequest } from './span-names.ts'

/** What tracing reads of a request, whatever version of HTTP it came by. Texts are Latin-1, as they came. */
export interface TracedRequest extends NamedRequest {
  /** As the tag `http.protocol` has it. */
  readonly protocol: string
  readonly userAgent: string
  /** Empty: none came. */
  readonly requestId: string
  readonly trace: TraceHeaders
}
