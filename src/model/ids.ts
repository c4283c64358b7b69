/** 32 lower-case hex digits, never all zero. A 64-bit id has 16 leading zeros. */
export type TraceId = string & { readonly __brand: 'TraceId' }

/** 16 lower-case hex digits, never all zero. */
export type SpanId = string & { readonly __brand: 'SpanId' }

const HEX = /^[0-9a-fA-F]+$/
const ZEROS = /^0+$/

/** Reads 1 to 32 hex digits of any case and pads them; undefined where that is not an id. */
export function parseTraceId(text: string): TraceId | undefined {
  return parseHex(text, 32) as TraceId | undefined
}

/** Reads 1 to 16 hex digits of any case and pads them; undefined where that is not an id. */
export function parseSpanId(text: string): SpanId | undefined {
  return parseHex(text, 16) as SpanId | undefined
}

/** The form that Jaeger's classic API and Zipkin print: 16 digits where the high half is zero, else 32. */
export function shortTraceId(id: TraceId): string {
  return id.startsWith('0000000000000000') ? id.slice(16) : id
}

function parseHex(text: string, digits: number): string | undefined {
  if (text.length === 0 || text.length > digits || !HEX.test(text) || ZEROS.test(text)) return undefined
  return text.toLowerCase().padStart(digits, '0')
}
