import { messageOf } from '../../model/errors.ts'
import { GRPC } from '../../runtime/grpc/grpc-status.ts'
import { type HttpRequest, type HttpResponse, type Route, text } from '../../runtime/http-exchange.ts'
import { errorFields, type Logger } from '../../runtime/logger.ts'
import type { BatchIntake, IntakeOutcome } from '../batch-intake.ts'
import type { Door } from '../collector-ledger.ts'
import { type CrossOrigin, openTo } from '../cross-origin.ts'
import {
  exportResponse,
  type PartialSuccess,
  partialSuccessOf,
  type RpcStatus,
  rpcStatus,
} from './proto-answer.ts'

export interface OtlpHttpOptions {
  readonly intake: BatchIntake
  readonly crossOrigin: CrossOrigin
  /** Of one request, before and after decompression. */
  readonly maxBodyBytes: number
  readonly logger: Logger
}

/** OTLP/HTTP for traces (opentelemetry.io/docs/specs/otlp). An answer is in the encoding of its request. */
export function otlpRoutes(options: OtlpHttpOptions): readonly Route[] {
  const { crossOrigin } = options
  return [
    { method: 'POST', path: '/v1/traces', handle: openTo(crossOrigin, request => receive(request, options)) },
    { method: 'OPTIONS', path: '/v1/traces', handle: crossOrigin.preflight },
  ]
}

const OTLP_HTTP: Door = { format: 'otlp', transport: 'http' }
const PROTO = 'application/x-protobuf'
const JSON_TYPE = 'application/json'

async function receive(request: HttpRequest, options: OtlpHttpOptions): Promise<HttpResponse> {
  const { intake, maxBodyBytes, logger } = options
  const type = (request.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? ''
  if (type !== PROTO && type !== JSON_TYPE) {
    intake.ledger.refuse('unsupported-format')
    return text(415, `415 unsupported media type, supported: [${JSON_TYPE}, ${PROTO}]`)
  }
  try {
    const format = type === PROTO ? 'otlp-proto' : 'otlp-json'
    return answer(await intake.receive(request, OTLP_HTTP, format, maxBodyBytes), type)
  } catch (error) {
    logger.error('spans could not be written', { message: messageOf(error), ...errorFields(error) })
    return failed(503, { code: GRPC.unavailable, message: 'the spans could not be written' }, type)
  }
}

type ContentType = typeof PROTO | typeof JSON_TYPE

function answer(outcome: IntakeOutcome, type: ContentType): HttpResponse {
  const refuse = (status: number, code: number, message: string): HttpResponse =>
    failed(status, { code, message }, type)
  switch (outcome.status) {
    case 'accepted':
      return taken(partialSuccessOf(outcome), type)
    case 'malformed':
      return refuse(400, GRPC.invalidArgument, outcome.message)
    case 'overloaded':
      return overloaded(outcome.retryAfterMillis, type)
    case 'too-large':
      return refuse(
        413,
        GRPC.resourceExhausted,
        `a body may have ${outcome.limit} bytes at most, also decompressed`,
      )
    case 'unsupported-encoding':
      return refuse(415, GRPC.unimplemented, `unsupported Content-Encoding: ${outcome.encoding}`)
    case 'undecodable':
      return refuse(400, GRPC.invalidArgument, `the body cannot be decompressed: ${outcome.message}`)
    case 'aborted':
      return refuse(400, GRPC.cancelled, 'the body ended too early')
  }
}

function taken(partial: PartialSuccess | undefined, type: ContentType): HttpResponse {
  if (type === PROTO) return { status: 200, headers: { 'content-type': type }, body: exportResponse(partial) }
  // A number of 64 bits is a text in protobuf's JSON.
  const partialSuccess =
    partial === undefined ? {} : { ...partial, rejectedSpans: String(partial.rejectedSpans) }
  return { status: 200, headers: { 'content-type': type }, body: JSON.stringify({ partialSuccess }) }
}

function overloaded(retryAfterMillis: number, type: ContentType): HttpResponse {
  const message = 'too many spans are waiting: send these again later'
  const refusal = failed(429, { code: GRPC.resourceExhausted, message }, type)
  return {
    ...refusal,
    headers: { ...refusal.headers, 'retry-after': String(Math.ceil(retryAfterMillis / 1000)) },
  }
}

function failed(status: number, { code, message }: RpcStatus, type: ContentType): HttpResponse {
  const body = type === PROTO ? rpcStatus({ code, message }) : JSON.stringify({ code, message })
  return { status, headers: { 'content-type': type }, body }
}
