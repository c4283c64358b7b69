import type { SpanId, TraceId } from '../../model/ids.ts'
import type { SpanKind, StatusCode } from '../../model/span.ts'

/** Why spans of a good batch are not kept. */
export const BAD_TRACE_ID = 'bad-trace-id'
export const BAD_SPAN_ID = 'bad-span-id'
export const BAD_PARENT_ID = 'bad-parent-id'

export const SERVICE_NAME = 'service.name'

/** Of links that lead nowhere, as they came; readers take them out with a warning. */
export const NO_TRACE_ID: TraceId = '0'.repeat(32) as TraceId
export const NO_SPAN_ID: SpanId = '0'.repeat(16) as SpanId

/** By their numbers in trace.proto. */
const KINDS: readonly SpanKind[] = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer']
const CODES: readonly StatusCode[] = ['unset', 'ok', 'error']

/** Numbers of a later version are the one that says least, as protobuf has it. */
export function kindOf(number: number): SpanKind {
  return KINDS[number] ?? 'unspecified'
}

export function codeOf(number: number): StatusCode {
  return CODES[number] ?? 'unset'
}
