import { eachTraceHeader } from '../../wire/propagation.ts'
import { traceparentValue } from '../../wire/traceparent.ts'
import type { CompleteContext } from '../tracing/complete-context.ts'
import type { ExchangeSpan, ResponseContext } from '../tracing/exchange-span.ts'
import type { HpackEncoder } from './hpack/encoder.ts'
import { fieldName, recurringField } from './hpack/field.ts'

/** More than all trace headers take that did not come with the request. */
export const TRACE_FIELDS_BOUND = 1024
const RESPONSE_FIELDS = 256

const SAMPLED_NAME = fieldName('x-b3-sampled')
const REQUEST_ID = fieldName('x-request-id')
const TRACE_RESPONSE = fieldName('traceresponse')

/** Where `writeOne` writes; all is written within one call. */
let encoder: HpackEncoder | undefined

export function writeTraceFields(into: HpackEncoder, context: CompleteContext): void {
  encoder = into
  eachTraceHeader(context, writeOne)
}

export function writeRequestId(into: HpackEncoder, requestId: string): void {
  into.writeVarying(REQUEST_ID, requestId)
}

function writeOne(name: string, value: string): void {
  if (name === SAMPLED_NAME.text) encoder?.write(recurringField(SAMPLED_NAME, value))
  else encoder?.writeVarying(fieldName(name), value)
}

/** More than what `writeResponseFields` writes; ids of requests may be long. */
export function responseFieldsBound({ responding, requestId }: ExchangeSpan): number {
  return responding ? RESPONSE_FIELDS + requestId.length : 0
}

/** What a response lacks to say which trace and which request it belongs to; `said`: what it says itself. */
export function writeResponseFields(
  into: HpackEncoder,
  { context, responding, requestId }: ExchangeSpan,
  said: ResponseContext,
): void {
  if (context === undefined || !responding) return
  if (said.traceResponse === '') into.writeVarying(TRACE_RESPONSE, traceparentValue(context))
  if (said.requestId === '') into.writeVarying(REQUEST_ID, requestId)
}
