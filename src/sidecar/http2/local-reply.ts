import { NOTHING_SAID } from '../exchange/exchange-record.ts'
import type { Refusal } from '../http/refusal.ts'
import type { ExchangeSpan } from '../tracing/exchange-span.ts'
import { grpcStatusOf } from './grpc-status.ts'
import { fieldName, recurringField } from './hpack/field.ts'
import type { Stream } from './stream.ts'
import { responseFieldsBound, writeResponseFields } from './trace-fields.ts'

const STATUS = fieldName(':status')
const REASON = fieldName('x-kiseki-reason')
const GRPC_STATUS = fieldName('grpc-status')
const GRPC_MESSAGE = fieldName('grpc-message')
const LENGTH = fieldName('content-length')
const TYPE = fieldName('content-type')
/** More than the other fields of any answer of ours. */
const BOUND = 1024

/** Answers a gRPC call as a gRPC server would: trailers only. All texts are printable ASCII without `%`. */
export function replyGrpc(stream: Stream, refusal: Refusal, traced: ExchangeSpan): void {
  const encoder = stream.connection?.beginFields(BOUND + responseFieldsBound(traced))
  if (encoder === undefined) return
  encoder.write(recurringField(STATUS, '200'))
  encoder.write(recurringField(TYPE, 'application/grpc'))
  encoder.write(recurringField(GRPC_STATUS, grpcStatusOf(refusal)))
  encoder.writeOnce(GRPC_MESSAGE, refusal.text, false)
  encoder.write(recurringField(REASON, refusal.reason))
  writeResponseFields(encoder, traced, NOTHING_SAID)
  stream.connection?.endFields(stream, true)
}

export interface ReplyTextOptions {
  readonly traced: ExchangeSpan
  /** The response to HEAD has no body. */
  readonly headOnly: boolean
}

/** Answers any other request. */
export function replyText(stream: Stream, refusal: Refusal, { traced, headOnly }: ReplyTextOptions): void {
  const { connection } = stream
  const encoder = connection?.beginFields(BOUND + responseFieldsBound(traced))
  if (connection === undefined || encoder === undefined) return
  const body = Buffer.from(`${refusal.text}\n`)
  encoder.write(recurringField(STATUS, String(refusal.status)))
  encoder.write(recurringField(TYPE, 'text/plain'))
  encoder.writeOnce(LENGTH, String(body.length), false)
  encoder.write(recurringField(REASON, refusal.reason))
  writeResponseFields(encoder, traced, NOTHING_SAID)
  connection.endFields(stream, headOnly)
  if (!headOnly) connection.sender.send(stream, body, 0, body.length, true)
}
