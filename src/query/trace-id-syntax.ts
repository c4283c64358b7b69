import { parseTraceId, type TraceId } from '../model/ids.ts'

const HEX = /^[0-9a-fA-F]+$/
const BASE64 = /^[A-Za-z0-9+/_-]+={0,2}$/
const LONGEST_BASE64 = 24
const TRACE_ID_BYTES: readonly number[] = [16, 8]

export type TraceIdText =
  | { readonly status: 'read'; readonly traceId: TraceId }
  | { readonly status: 'unreadable'; readonly message: string }

/** Hex digits of any case, padding not needed; or the bytes of the id in base64, as Jaeger takes them since 2.20. */
export function parseTraceIdText(text: string): TraceIdText {
  const traceId = HEX.test(text) ? parseTraceId(text) : parseBase64(text)
  if (traceId !== undefined) return { status: 'read', traceId }
  const message =
    HEX.test(text) && text.length > 32
      ? `TraceID cannot be longer than 32 hex characters: ${text}`
      : `not a trace id: ${JSON.stringify(text)}`
  return { status: 'unreadable', message }
}

function parseBase64(text: string): TraceId | undefined {
  if (text.length > LONGEST_BASE64 || !BASE64.test(text)) return undefined
  const bytes = Buffer.from(text, 'base64url')
  return TRACE_ID_BYTES.includes(bytes.length) ? parseTraceId(bytes.toString('hex')) : undefined
}
