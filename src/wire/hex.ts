import type { SpanId, TraceId } from '../model/ids.ts'

/** What a run of characters is as an id: no hex at all, only zeros, lower-case hex, or hex with capitals in it. */
export type HexForm = 'none' | 'zero' | 'lower' | 'capital'

const ZEROS = '0'.repeat(32)

/** Looks at the characters `from` to `to` (exclusive). An empty run is `none`. */
export function hexForm(text: string, from: number, to: number): HexForm {
  if (from >= to || to > text.length) return 'none'
  let capital = false
  let zero = true
  for (let at = from; at < to; at++) {
    const code = text.charCodeAt(at)
    if ((code >= 49 && code <= 57) || (code >= 97 && code <= 102)) {
      zero = false
    } else if (code >= 65 && code <= 70) {
      zero = false
      capital = true
    } else if (code !== 48) {
      return 'none'
    }
  }
  if (zero) return 'zero'
  return capital ? 'capital' : 'lower'
}

/** The value of small hex digits, as they stand in ids; exact for up to 13 of them. */
export function hexNumber(text: string, from: number, to: number): number {
  let value = 0
  for (let at = from; at < to; at++) {
    const code = text.charCodeAt(at)
    value = value * 16 + (code < 58 ? code - 48 : code - 87)
  }
  return value
}

/** 1 to 32 hex digits of any case, padded; undefined where that is no id. Allocates nothing for 32 small digits. */
export function readTraceId(text: string): TraceId | undefined {
  return readId(text, 32) as TraceId | undefined
}

/** 1 to 16 hex digits of any case, padded; undefined where that is no id. Allocates nothing for 16 small digits. */
export function readSpanId(text: string): SpanId | undefined {
  return readId(text, 16) as SpanId | undefined
}

function readId(text: string, digits: number): string | undefined {
  const length = text.length
  if (length > digits) return undefined
  const form = hexForm(text, 0, length)
  if (form === 'none' || form === 'zero') return undefined
  const lower = form === 'capital' ? text.toLowerCase() : text
  return length === digits ? lower : ZEROS.slice(length, digits) + lower
}
