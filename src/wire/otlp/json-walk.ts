import { type SplitTime, splitNanos } from './otlp-time.ts'

/** The JSON is no message. Thrown by the walk, caught by the decoder that began it. */
export class JsonShapeError extends Error {}

/** An object of the message. What is absent and what is null is the same. */
export type JsonFields = Readonly<Record<string, unknown>>

const NO_FIELDS: JsonFields = {}
const DIGITS = /^[0-9]{1,20}$/
const INTEGER = /^-?[0-9]{1,19}$/
const SHOWN_CHARACTERS = 60

/** Reads parsed JSON by protobuf's mapping, and knows where it is, for the text of an error. */
export class JsonWalk {
  readonly #path: (string | number)[] = []

  /** Calls `read` with every object of a list. */
  each(of: JsonFields, name: string, read: (item: JsonFields) => void): void {
    const list = of[name]
    if (list === undefined || list === null) return
    if (!Array.isArray(list)) this.refuse(name, 'a list', list)
    this.#path.push(name)
    for (let at = 0; at < list.length; at++) {
      const item: unknown = list[at]
      if (!isFields(item)) this.refuse(at, 'an object', item)
      this.#path.push(at)
      read(item)
      this.#path.pop()
    }
    this.#path.pop()
  }

  /** Gives what `read` makes of an object, also of one that is absent. */
  within<T>(of: JsonFields, name: string, read: (fields: JsonFields) => T): T {
    const value = of[name]
    if (value === undefined || value === null) return read(NO_FIELDS)
    if (!isFields(value)) this.refuse(name, 'an object', value)
    this.#path.push(name)
    const result = read(value)
    this.#path.pop()
    return result
  }

  text(of: JsonFields, name: string): string {
    const value = of[name]
    if (typeof value === 'string') return value
    return value === undefined || value === null ? '' : this.refuse(name, 'a text', value)
  }

  boolean(of: JsonFields, name: string): boolean {
    const value = of[name]
    return typeof value === 'boolean' ? value : this.refuse(name, 'true or false', value)
  }

  /** A number, or its name behind `prefix`; what is absent is 0. */
  enumeration(of: JsonFields, name: string, prefix: string, names: readonly string[]): number {
    const value = of[name]
    if (value === undefined || value === null) return 0
    if (typeof value === 'number' && Number.isInteger(value)) return value
    const index = typeof value === 'string' ? names.findIndex(known => prefix + known === value) : -1
    return index >= 0 ? index : this.refuse(name, `a number or a name of ${prefix}*`, value)
  }

  /** What is absent is 0. */
  uint32(of: JsonFields, name: string): number {
    const value = of[name]
    if (value === undefined || value === null) return 0
    const number = typeof value === 'string' && DIGITS.test(value) ? Number(value) : value
    return typeof number === 'number' && number >>> 0 === number
      ? number
      : this.refuse(name, 'a whole number of 32 bits', value)
  }

  int64(of: JsonFields, name: string): bigint {
    const value = of[name]
    const integer =
      (typeof value === 'string' && INTEGER.test(value)) ||
      (typeof value === 'number' && Number.isInteger(value))
        ? BigInt(value)
        : undefined
    return integer !== undefined && BigInt.asIntN(64, integer) === integer
      ? integer
      : this.refuse(name, 'a whole number of 64 bits', value)
  }

  double(of: JsonFields, name: string): number {
    const value = of[name]
    if (typeof value === 'number') return value
    const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN
    if (Number.isNaN(number) && value !== 'NaN') this.refuse(name, 'a number', value)
    return number
  }

  /** Nanoseconds; what is absent is 0. */
  time(of: JsonFields, name: string, into: SplitTime): void {
    const value = of[name]
    if (typeof value === 'string' && DIGITS.test(value)) {
      into.micros = Number(value.slice(0, -3))
      into.nanos = Number(value.slice(-3))
    } else if (typeof value === 'number' && value >= 0 && Number.isInteger(value)) {
      splitNanos(Math.floor(value / 2 ** 32), value % 2 ** 32, into)
    } else if (value === undefined || value === null) {
      into.micros = 0
      into.nanos = 0
    } else this.refuse(name, 'nanoseconds, a whole number', value)
  }

  refuse(name: string | number, wanted: string, value: unknown): never {
    const parts = [...this.#path, name]
    const path = parts.map(part => (typeof part === 'number' ? `[${part}]` : `.${part}`)).join('')
    throw new JsonShapeError(`$${path} must be ${wanted}, but is ${show(value)}`)
  }
}

export function isFields(value: unknown): value is JsonFields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? 'absent'
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text
}
