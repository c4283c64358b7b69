import type { AppendOutcome } from '../../storage/span-store.ts'

/** The numbers of `google.rpc.Code` are those of gRPC. */
export interface RpcStatus {
  readonly code: number
  readonly message: string
  /** When it may be tried again. */
  readonly retryMillis?: number
}

/** What the response says of spans that were not kept; undefined: all were. */
export interface PartialSuccess {
  readonly rejectedSpans: number
  readonly errorMessage: string
}

export function partialSuccessOf(
  outcome: AppendOutcome & { readonly status: 'accepted' },
): PartialSuccess | undefined {
  let rejectedSpans = 0
  const reasons: string[] = []
  for (const [reason, spans] of outcome.discarded) {
    rejectedSpans += spans
    reasons.push(`${spans} ${reason}`)
  }
  return rejectedSpans === 0 ? undefined : { rejectedSpans, errorMessage: `not kept: ${reasons.join(', ')}` }
}

/** `ExportTraceServiceResponse` of trace_service.proto. */
export function exportResponse(partial: PartialSuccess | undefined): Uint8Array {
  if (partial === undefined) return Buffer.alloc(0)
  return bytesField(
    1,
    Buffer.concat([numberField(1, partial.rejectedSpans), textField(2, partial.errorMessage)]),
  )
}

/** `google.rpc.Status`, with a `RetryInfo` where there is a time. */
export function rpcStatus({ code, message, retryMillis }: RpcStatus): Uint8Array {
  const fields = [numberField(1, code), textField(2, message)]
  if (retryMillis !== undefined) fields.push(bytesField(3, retryInfo(retryMillis)))
  return Buffer.concat(fields)
}

const RETRY_INFO = 'type.googleapis.com/google.rpc.RetryInfo'

function retryInfo(millis: number): Uint8Array {
  const seconds = Math.floor(millis / 1000)
  const duration = Buffer.concat([numberField(1, seconds), numberField(2, (millis - seconds * 1000) * 1e6)])
  return Buffer.concat([textField(1, RETRY_INFO), bytesField(2, bytesField(1, duration))])
}

function numberField(field: number, value: number): Uint8Array {
  return value === 0 ? Buffer.alloc(0) : Buffer.from([field << 3, ...varint(value)])
}

function textField(field: number, text: string): Uint8Array {
  return bytesField(field, Buffer.from(text, 'utf8'))
}

function bytesField(field: number, bytes: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from([(field << 3) | 2, ...varint(bytes.length)]), bytes])
}

function varint(value: number): readonly number[] {
  const bytes: number[] = []
  let rest = value
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128)
  bytes.push(rest)
  return bytes
}
