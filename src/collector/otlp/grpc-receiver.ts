import type { GrpcMethod } from '../../runtime/grpc/grpc-call.ts'
import { GRPC, type GrpcAnswer } from '../../runtime/grpc/grpc-status.ts'
import type { AppendOutcome } from '../../storage/span-store.ts'
import { type BatchIntake, RETRY_MILLIS } from '../batch-intake.ts'
import { batchSender } from '../batch-sender.ts'
import type { Door, Refusal } from '../collector-ledger.ts'
import { exportResponse, partialSuccessOf, rpcStatus } from './proto-answer.ts'

export interface OtlpGrpcOptions {
  readonly intake: BatchIntake
  /** Of one message, before and after decompression. */
  readonly maxMessageBytes: number
}

const OTLP_GRPC: Door = { format: 'otlp', transport: 'grpc' }

/** OTLP/gRPC for traces (opentelemetry.io/docs/specs/otlp). */
export function otlpExport({ intake, maxMessageBytes }: OtlpGrpcOptions): GrpcMethod {
  const noRoom = overloaded(RETRY_MILLIS)
  return {
    path: '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
    maxBytes: maxMessageBytes,
    room: intake.budget,
    noRoom,
    refused: answer => intake.ledger.refuse(answer === noRoom ? 'overloaded' : refusalOf(answer.code)),
    handle: async (message, headers) =>
      answerTo(await intake.write(message, OTLP_GRPC, 'otlp-proto', batchSender(headers))),
  }
}

function answerTo(outcome: AppendOutcome): GrpcAnswer {
  switch (outcome.status) {
    case 'accepted':
      return { code: GRPC.ok, message: exportResponse(partialSuccessOf(outcome)) }
    case 'malformed':
      return { code: GRPC.invalidArgument, text: outcome.message }
    case 'overloaded':
      return overloaded(outcome.retryAfterMillis)
  }
}

type Failure = Exclude<GrpcAnswer, { readonly code: 0 }>

/** With the two hints that clients heed: `RetryInfo`, without which OTLP does not try again, and gRPC's own. */
function overloaded(retryMillis: number): Failure {
  const text = 'too many spans are waiting: send these again later'
  const details = rpcStatus({ code: GRPC.resourceExhausted, message: text, retryMillis })
  return {
    code: GRPC.resourceExhausted,
    text,
    trailers: {
      'grpc-retry-pushback-ms': String(retryMillis),
      'grpc-status-details-bin': Buffer.from(details).toString('base64'),
    },
  }
}

/** Why a message was not even read. */
function refusalOf(code: Failure['code']): Refusal {
  switch (code) {
    case GRPC.resourceExhausted:
      return 'too-large'
    case GRPC.unimplemented:
      return 'unsupported-format'
    case GRPC.cancelled:
    case GRPC.deadlineExceeded:
      return 'aborted'
    default:
      return 'undecodable'
  }
}
