const NUMBER = /^\s*[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?\s*$/

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A string, or a number as text; undefined: neither. */
export function readText(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  return typeof value === 'number' ? String(value) : undefined
}

/** A whole number, also in quotes; undefined: it is none. May be beyond what a double says exactly. */
export function readLong(value: unknown): number | undefined {
  const number = typeof value === 'string' && NUMBER.test(value) ? Number(value) : value
  return typeof number === 'number' && Number.isInteger(number) ? number : undefined
}

/**
 * Whole microseconds, also in quotes. Fractions, which Zipkin refuses, are cut off: OpenTelemetry's exporter sends
 * them for times that somebody set in nanoseconds.
 */
export function readMicros(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? Math.floor(value) : readLong(value)
}

/** The sentence for a value of the wrong type; `path` says where it stands. */
export function expected(what: string, found: unknown, path: string): string {
  return `Expected ${what} but was ${typeName(found)} at ${path}`
}

/** The sentence for what is no whole number. */
export function expectedNumber(what: 'a long' | 'an int', found: unknown, path: string): string {
  if (typeof found === 'number') return `Expected ${what} but was ${found} at ${path}`
  if (typeof found !== 'string') return expected(what, found, path)
  if (found === '') return 'empty String'
  return NUMBER.test(found)
    ? `Expected ${what} but was ${found} at ${path}`
    : `For input string: ${JSON.stringify(found)}`
}

function typeName(value: unknown): string {
  if (value === null) return 'NULL'
  if (Array.isArray(value)) return 'BEGIN_ARRAY'
  return typeof value === 'object' ? 'BEGIN_OBJECT' : (typeof value).toUpperCase()
}
