import { eachTraceHeader } from '../../wire/propagation.ts'
import type { CompleteContext } from '../tracing/complete-context.ts'
import type { HpackEncoder } from './hpack/encoder.ts'
import { fieldName, recurringField } from './hpack/field.ts'

/** More than all trace headers take that did not come with the request. */
export const TRACE_FIELDS_BOUND = 1024

const SAMPLED_NAME = fieldName('x-b3-sampled')
const SAMPLED = recurringField(SAMPLED_NAME, '1')
const UNSAMPLED = recurringField(SAMPLED_NAME, '0')
const REQUEST_ID = fieldName('x-request-id')

/** Where `writeOne` writes; all is written within one call. */
let encoder: HpackEncoder | undefined

export function writeTraceFields(into: HpackEncoder, context: CompleteContext): void {
  encoder = into
  eachTraceHeader(context, writeOne)
}

/** No id comes twice: tables are for others. */
export function writeRequestId(into: HpackEncoder, requestId: string): void {
  into.writeOnce(REQUEST_ID, requestId, true)
}

function writeOne(name: string, value: string): void {
  if (name === SAMPLED_NAME.text) encoder?.write(value === '1' ? SAMPLED : UNSAMPLED)
  else encoder?.writeOnce(fieldName(name), value, true)
}
