import type { SpanId, TraceId } from '../../model/ids.ts'
import type { TraceContext } from '../../wire/trace-context.ts'

/** The context that a request goes on with: nothing is left open. */
export interface CompleteContext extends TraceContext {
  readonly traceId: TraceId
  readonly spanId: SpanId
  readonly sampled: boolean
}
