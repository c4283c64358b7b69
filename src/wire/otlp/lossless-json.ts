/** A number of so many digits may be one that no double says exactly. Behind a quote it is text, and exact. */
const LONG_NUMBER = /[:[,]\s*-?[0-9]{16}/
const WHOLE = /^-?[0-9]+$/

/**
 * As `JSON.parse`, but whole numbers that a double cannot say exactly become texts of their digits: OTLP allows
 * nanoseconds both ways. Throws SyntaxError.
 */
export function parseLossless(text: string): unknown {
  return LONG_NUMBER.test(text) ? JSON.parse(text, keepDigits) : JSON.parse(text)
}

function keepDigits(_key: string, value: unknown, place?: { readonly source?: string }): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value
  const source = place?.source ?? ''
  return WHOLE.test(source) ? source : value
}
