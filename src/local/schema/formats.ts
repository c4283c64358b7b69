import { isIPv4, isIPv6 } from 'node:net'

type FormatCheck = (text: string) => boolean

/**
 * The check of a `format`, or undefined when kube-apiserver ignores it: an unknown one, or one that does not go
 * with the type (apiextensions-apiserver, apiserver/validation/formats.go). Dashes in names do not count.
 */
export function formatCheck(format: string): FormatCheck | undefined {
  return FORMATS.get(format.replaceAll('-', ''))
}

export const INTEGER_FORMATS: ReadonlySet<string> = new Set(['int32', 'int64'])
export const NUMBER_FORMATS: ReadonlySet<string> = new Set(['float', 'double'])

const UUID = (version: string, variant = '[0-9a-f]'): FormatCheck => {
  const expression = new RegExp(
    `^[0-9a-f]{8}-?[0-9a-f]{4}-?${version}[0-9a-f]{3}-?${variant}[0-9a-f]{3}-?[0-9a-f]{12}$`,
    'i',
  )
  return text => expression.test(text)
}
const matching =
  (expression: RegExp): FormatCheck =>
  text =>
    expression.test(text)

const FORMATS: ReadonlyMap<string, FormatCheck> = new Map<string, FormatCheck>([
  ['bsonobjectid', matching(/^[0-9a-f]{24}$/i)],
  ['byte', matching(/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})$/)],
  ['cidr', isCidr],
  ['creditcard', isCreditCard],
  ['date', isDate],
  ['datetime', isDateTime],
  ['duration', isDuration],
  ['email', isEmail],
  ['hexcolor', matching(/^#?(?:[0-9a-f]{3}|[0-9a-f]{6})$/i)],
  ['hostname', isHostname],
  ['ipv4', isLooseIPv4],
  ['ipv6', isIPv6WithoutZone],
  ['isbn', text => isIsbn10(text) || isIsbn13(text)],
  ['isbn10', isIsbn10],
  ['isbn13', isIsbn13],
  [
    'k8slongname',
    text =>
      text.length <= 253 && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/.test(text),
  ],
  ['k8sshortname', text => text.length <= 63 && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(text)],
  ['mac', isMac],
  ['password', () => true],
  ['rgbcolor', isRgbColor],
  ['ssn', matching(/^\d{3}[- ]?\d{2}[- ]?\d{4}$/)],
  ['uri', isRequestUri],
  ['uuid', UUID('[0-9a-f]')],
  ['uuid3', UUID('3')],
  ['uuid4', UUID('4', '[89ab]')],
  ['uuid5', UUID('5', '[89ab]')],
])

/** Leading zeros pass, as they did in Go before 1.17. An IPv6 address that ends like an IPv4 one passes too. */
function isLooseIPv4(text: string): boolean {
  return isIPv4(text.replace(/(^|\.)0+(?=\d)/g, '$1')) || (text.includes('.') && isIPv6WithoutZone(text))
}

function isIPv6WithoutZone(text: string): boolean {
  return isIPv6(text) && !text.includes('%')
}

function isCidr(text: string): boolean {
  const [, address = '', bits = ''] = /^(.*)\/(\d{1,3})$/.exec(text) ?? []
  if (isIPv4(address.replace(/(^|\.)0+(?=\d)/g, '$1'))) return bits !== '' && Number(bits) <= 32
  return isIPv6WithoutZone(address) && bits !== '' && Number(bits) <= 128
}

function isMac(text: string): boolean {
  return (
    /^[0-9a-f]{2}(?:([:-])[0-9a-f]{2})(?:\1[0-9a-f]{2}){4}(?:(?:\1[0-9a-f]{2}){2}|(?:\1[0-9a-f]{2}){14})?$/i.test(
      text,
    ) || /^[0-9a-f]{4}(?:\.[0-9a-f]{4}){2}(?:\.[0-9a-f]{4}|(?:\.[0-9a-f]{4}){7})?$/i.test(text)
  )
}

function isDate(text: string): boolean {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text) ?? []
  if (year === undefined) return false
  const time = new Date(`${year}-${month}-${day}T00:00:00Z`)
  return !Number.isNaN(time.getTime()) && time.getUTCDate() === Number(day)
}

/** RFC 3339; `t` and `z` may be small, a second of 60 is refused. */
function isDateTime(text: string): boolean {
  const [date = '', time = ''] = text.toLowerCase().split('t')
  const [, hour = '99', minute = '99', second = '99'] =
    /^(\d{2}):(\d{2}):(\d{2})(?:.\d+)?(?:z|[+-]\d{2}:\d{2})$/.exec(time) ?? []
  return isDate(date) && hour <= '23' && minute <= '59' && second <= '59'
}

/** Go's durations (`1h30m`, `-1.5s`), or Scala's (`3 days`). */
function isDuration(text: string): boolean {
  if (/^[+-]?(?:0|(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)$/.test(text)) return true
  const units = /^(?:ns|us|µs|ms|s|m|h|hr|d|w|wk|nano|micro|milli|sec|min|hour|day|week)/i
  const exact = /^(?:ns|us|µs|ms|s|m|h|hr|d|w|wk)$/i
  const long = /^(?:nano|micro|milli|sec|min|hour|day|week)/i
  return Array.from(text.matchAll(/\d+\s*([A-Za-zµ]+)/g)).some(
    ([, unit = '']) => units.test(unit) && (exact.test(unit) || long.test(unit)),
  )
}

/** `a@b`, or `Name <a@b>` (RFC 5322, without its comments and groups). */
function isEmail(text: string): boolean {
  const [, address = text] = /^\s*(?:"[^"]*"|[^<>"@,;]*)\s*<([^<>]+)>\s*$/.exec(text) ?? []
  return /^(?:"[^"\r\n]+"|[^\s@<>()[\]\\,;:"]+)@(?:\[[^\]\s]+\]|[^\s@<>()[\]\\,;:"]+)$/.test(address.trim())
}

function isHostname(text: string): boolean {
  const symbol = String.raw`a-zA-Z0-9\p{S}\p{L}`
  const single = `[${symbol}](?:-?[${symbol}]{0,62})?`
  const label = String.raw`[${symbol}](?:[\x2d${symbol}]{0,61}[${symbol}])?`
  const expression = new RegExp(String.raw`^(?:${single}|(?:${label}\.)+[a-zA-Z\p{L}]{2,63})$`, 'u')
  return text.length <= 255 && text.split('.').every(part => part.length <= 63) && expression.test(text)
}

/** Of an HTTP request: with a scheme, or a path that starts with a slash. */
function isRequestUri(text: string): boolean {
  if (/[\s\p{Cc}]/u.test(text) || /%(?![0-9a-fA-F]{2})/.test(text)) return false
  if (text.startsWith('/')) return true
  const [, scheme = ''] = /^([A-Za-z][A-Za-z0-9+.-]*):/.exec(text) ?? []
  if (scheme === '') return false
  return URL.canParse(text) || !text.slice(scheme.length + 1).startsWith('//')
}

function isRgbColor(text: string): boolean {
  const [, ...parts] = /^rgb\(\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})\s*\)$/.exec(text) ?? []
  return parts.length === 3 && parts.every(part => /^(?:0|[1-9]\d*)$/.test(part) && Number(part) <= 255)
}

function isIsbn10(text: string): boolean {
  const digits = text.replace(/[\s-]/g, '')
  if (!/^\d{9}[\dX]$/.test(digits)) return false
  const sum = Array.from(digits, (digit, at) => (10 - at) * (digit === 'X' ? 10 : Number(digit)))
  return sum.reduce((total, part) => total + part, 0) % 11 === 0
}

function isIsbn13(text: string): boolean {
  const digits = text.replace(/[\s-]/g, '')
  if (!/^\d{13}$/.test(digits)) return false
  const sum = Array.from(digits, (digit, at) => Number(digit) * (at % 2 === 0 ? 1 : 3))
  return sum.reduce((total, part) => total + part, 0) % 10 === 0
}

function isCreditCard(text: string): boolean {
  const digits = text.replace(/\D/g, '')
  const known =
    /^(?:4\d{12}(?:\d{3})?|5[1-5]\d{14}|6(?:011|5\d\d)\d{12}|3[47]\d{13}|3(?:0[0-5]|[68]\d)\d{11}|(?:2131|1800|35\d{3})\d{11})$/
  if (!known.test(digits)) return false
  const sum = Array.from(digits)
    .reverse()
    .map((digit, at) => (at % 2 === 0 ? Number(digit) : doubled(Number(digit))))
  return sum.reduce((total, part) => total + part, 0) % 10 === 0
}

/** The digits of the double, added (Luhn). */
function doubled(digit: number): number {
  return digit > 4 ? digit * 2 - 9 : digit * 2
}
