const WHOLE_NUMBER = /^[-+]?[0-9]+$/

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
  if (typeof value === 'number') return Number.isInteger(value) ? value : undefined
  return typeof value === 'string' && WHOLE_NUMBER.test(value) ? Number(value) : undefined
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

function typeName(value: unknown): string {
  if (value === null) return 'NULL'
  if (Array.isArray(value)) return 'BEGIN_ARRAY'
  return typeof value === 'object' ? 'BEGIN_OBJECT' : (typeof value).toUpperCase()
}
