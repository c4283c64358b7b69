import type { Refusal } from '../http/refusal.ts'
import { type Outcome, outcomeOf } from '../routing/attempt.ts'
import { jsonOfLatin1 } from '../tracing/latin1-text.ts'

/** Status codes of gRPC (grpc.io/docs/guides/status-codes), by number. */
const NAMES = [
  'OK',
  'CANCELLED',
  'UNKNOWN',
  'INVALID_ARGUMENT',
  'DEADLINE_EXCEEDED',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION',
  'ABORTED',
  'OUT_OF_RANGE',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
  'UNAUTHENTICATED',
]

/** Those that are the server's fault (OpenTelemetry semantic conventions, gRPC): others are answers to the client. */
const SERVER_FAULTS = new Set(['2', '4', '12', '13', '14', '15'])

/** `error` of a span; empty: none. */
export function grpcError(kind: 'client' | 'server', status: string): string {
  if (status === '' || status === '0') return ''
  if (kind === 'server' && !SERVER_FAULTS.has(status)) return ''
  return `grpc-status ${status} ${NAMES[Number(status)] ?? 'of no known name'}`
}

const UNAVAILABLE = '14'

/** What a response says about its endpoint; `grpcStatus`: empty where it has none. */
export function callOutcome(status: number, grpcStatus: string): Outcome {
  return grpcStatus === UNAVAILABLE ? 'failed' : outcomeOf(status)
}

/** Tags of a gRPC exchange as the rest of a JSON object, which begins with a comma. */
export function grpcTags(status: string, message: string): string {
  if (status === '') return ',"rpc.system":"grpc"'
  const code = jsonOfLatin1(status)
  const said = message === '' ? '' : `,"grpc.message":${jsonOfLatin1(percentDecoded(message))}`
  return `,"rpc.system":"grpc","grpc.status_code":${code},"rpc.grpc.status_code":${code}${said}`
}

/** Bytes beyond printable ASCII are percent-encoded UTF-8 there; some encode more than they must. */
function percentDecoded(message: string): string {
  return message.replaceAll(/%([0-9A-Fa-f]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)))
}

/** What a gRPC client is told where others get an HTTP status. */
const BY_HTTP_STATUS: Readonly<Record<number, number>> = {
  400: 13,
  403: 7,
  404: 12,
  408: 4,
  431: 8,
  499: 1,
  501: 12,
  502: 14,
  503: 14,
  504: 4,
  508: 13,
}

export function grpcStatusOf(refusal: Refusal): string {
  // Nothing was sent yet: it may be tried again, which a deadline that passed may not.
  if (refusal.reason === 'connect-timeout') return UNAVAILABLE
  return String(BY_HTTP_STATUS[refusal.status] ?? 2)
}
