/**
 * What texts of a MeshConfig look like, as regular expressions that JavaScript and Go (RE2) read alike. Each lets the empty
 * text pass, which means the default.
 */

/** A host name or an IPv4 address, or else an IPv6 address. */
export const ADDRESS_PATTERN =
  '^([A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_.])?|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)?$'

export const ENDPOINT_PATTERN = '^(/[!-~]*)?$'

/**
 * A decimal from 0 to 1. What has an exponent passes whatever it comes to: a regular expression cannot count, the
 * check does.
 */
export const FRACTION_PATTERN =
  '^(0+([.][0-9]*)?|[.][0-9]+|0*1([.]0*)?|([0-9]+[.]?[0-9]*|[.][0-9]+)[eE][-+]?[0-9]+)?$'

export const LOG_LEVELS: readonly string[] = [
  'trace',
  'debug',
  'info',
  'warning',
  'warn',
  'error',
  'critical',
  'off',
]

/** Timers hold 31 bits of milliseconds. */
export const MOST_SECONDS = 2_147_483
