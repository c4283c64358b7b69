import type { Refusal } from '../http/refusal.ts'
import { grpcStatusOf } from './grpc-status.ts'
import { fieldName, recurringField } from './hpack/field.ts'
import type { Stream } from './stream.ts'

const STATUS = fieldName(':status')
const REASON = fieldName('x-kiseki-reason')
const GRPC_STATUS = fieldName('grpc-status')
const GRPC_MESSAGE = fieldName('grpc-message')
const LENGTH = fieldName('content-length')
const STATUS_200 = recurringField(STATUS, '200')
const GRPC_TYPE = recurringField(fieldName('content-type'), 'application/grpc')
const PLAIN_TEXT = recurringField(fieldName('content-type'), 'text/plain')
/** More than the fields of any answer of ours. */
const BOUND = 1024

/** Answers a gRPC call as a gRPC server would: trailers only. All texts are printable ASCII without `%`. */
export function replyGrpc(stream: Stream, refusal: Refusal): void {
  const encoder = stream.connection?.beginFields(BOUND)
  if (encoder === undefined) return
  encoder.write(STATUS_200)
  encoder.write(GRPC_TYPE)
  encoder.write(recurringField(GRPC_STATUS, grpcStatusOf(refusal)))
  encoder.writeOnce(GRPC_MESSAGE, refusal.text, false)
  encoder.write(recurringField(REASON, refusal.reason))
  stream.connection?.endFields(stream, true)
}

/** Answers any other request. */
export function replyText(stream: Stream, refusal: Refusal, headOnly: boolean): void {
  const { connection } = stream
  const encoder = connection?.beginFields(BOUND)
  if (connection === undefined || encoder === undefined) return
  const body = Buffer.from(`${refusal.text}\n`)
  encoder.write(recurringField(STATUS, String(refusal.status)))
  encoder.write(PLAIN_TEXT)
  encoder.writeOnce(LENGTH, String(body.length), false)
  encoder.write(recurringField(REASON, refusal.reason))
  connection.endFields(stream, headOnly)
  if (!headOnly) connection.sender.send(stream, body, 0, body.length, true)
}
