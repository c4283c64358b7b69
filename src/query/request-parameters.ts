import { type Micros, micros, microsFromMillis } from '../model/micros.ts'
import { parseDuration } from './duration-syntax.ts'

/** A parameter that cannot be used: answered with 400 and this message. */
export class BadParameter extends Error {}

const BOOLEANS: Readonly<Record<string, boolean>> = {
  ...Object.fromEntries(['1', 't', 'T', 'TRUE', 'true', 'True'].map(text => [text, true])),
  ...Object.fromEntries(['0', 'f', 'F', 'FALSE', 'false', 'False'].map(text => [text, false])),
}
const WHOLE_NUMBER = /^[-+]?[0-9]+$/
const INT32_BITS = 32
const INT64_BITS = 64

/** The first value under the name; an empty one counts as none. */
export function textParameter(query: URLSearchParams, name: string): string | undefined {
  return query.get(name) || undefined
}

/** Absent: false. */
export function booleanParameter(query: URLSearchParams, name: string): boolean {
  const text = textParameter(query, name)
  if (text === undefined) return false
  const value = Object.hasOwn(BOOLEANS, text) ? BOOLEANS[text] : undefined
  if (value === undefined) throw unparsable(name, `strconv.ParseBool: parsing ${quote(text)}: invalid syntax`)
  return value
}

export function microsParameter(query: URLSearchParams, name: string): Micros | undefined {
  const value = integerParameter(query, name)
  return value === undefined ? undefined : micros(value)
}

export function millisParameter(query: URLSearchParams, name: string): Micros | undefined {
  const value = integerParameter(query, name)
  return value === undefined ? undefined : microsFromMillis(value)
}

/** Microseconds, maybe with a fraction. 0 counts as none. */
export function durationParameter(query: URLSearchParams, name: string): number | undefined {
  const text = textParameter(query, name)
  if (text === undefined) return undefined
  const parsed = parseDuration(text)
  if (parsed.status === 'unreadable') throw unparsable(name, parsed.message)
  return parsed.micros === 0 ? undefined : parsed.micros
}

/** A 32-bit number; its errors do not name the parameter, as in Jaeger. */
export function limitParameter(query: URLSearchParams, name: string): number | undefined {
  const text = textParameter(query, name)
  if (text === undefined) return undefined
  const parsed = parseInteger(text, INT32_BITS)
  if (typeof parsed === 'string') throw new BadParameter(parsed)
  return parsed
}

function integerParameter(query: URLSearchParams, name: string): number | undefined {
  const text = textParameter(query, name)
  if (text === undefined) return undefined
  const parsed = parseInteger(text, INT64_BITS)
  if (typeof parsed === 'string') throw unparsable(name, parsed)
  return parsed
}

/** The number, or the problem as Go says it. */
function parseInteger(text: string, bits: number): number | string {
  if (!WHOLE_NUMBER.test(text)) return `strconv.ParseInt: parsing ${quote(text)}: invalid syntax`
  // Exactly, for some ask for all until the last moment that 64 bits can say.
  const value = BigInt(text.replace('+', ''))
  if (BigInt.asIntN(bits, value) !== value) {
    return `strconv.ParseInt: parsing ${quote(text)}: value out of range`
  }
  return Number(value)
}

function unparsable(name: string, problem: string): BadParameter {
  return new BadParameter(`unable to parse param '${name}': ${problem}`)
}

const quote = (text: string): string => JSON.stringify(text)
