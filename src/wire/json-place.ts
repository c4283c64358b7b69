import { type ErrorCode, KisekiError, messageOf } from '../model/errors.ts'

export interface Purpose {
  readonly code: ErrorCode
  readonly what: string
  readonly remedy: string
}

/** Throws what the purpose says, with the JSON path of what cannot be used. */
export function parseJson<T>(text: string, read: Reader<T>, { code, what, remedy }: Purpose): T {
  try {
    return read({ value: JSON.parse(text), path: '$' })
  } catch (error) {
    const reason = error instanceof SyntaxError ? `is no JSON: ${error.message}` : messageOf(error)
    throw new KisekiError(code, `${what}: ${reason}`, { remedy, cause: error })
  }
}

/** A value, and where it stands. */
export interface Place {
  readonly value: unknown
  readonly path: string
}

/** Gives the value back typed, or throws an error that names its path. */
export type Reader<T> = (place: Place) => T

export const readText: Reader<string> = place =>
  typeof place.value === 'string' && place.value !== ''
    ? place.value
    : refuse(place, 'a text that is not empty')

export const readBoolean: Reader<boolean> = place =>
  typeof place.value === 'boolean' ? place.value : refuse(place, 'true or false')

export function readWhole(place: Place, most: number, least = 1): number {
  const { value } = place
  return typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most
    ? value
    : refuse(place, `a whole number from ${least} to ${most}`)
}

/** How often something happened. */
export const readCount: Reader<number> = place => readWhole(place, Number.MAX_SAFE_INTEGER, 0)

export const readFraction: Reader<number> = place =>
  typeof place.value === 'number' && place.value >= 0 && place.value <= 1
    ? place.value
    : refuse(place, 'a number from 0 to 1')

export function readMatch(place: Place, pattern: RegExp, wanted: string): string {
  const { value } = place
  return typeof value === 'string' && pattern.test(value) ? value : refuse(place, wanted)
}

export function readOneOf<T extends string>(place: Place, choices: readonly T[]): T {
  return choices.find(choice => choice === place.value) ?? refuse(place, `one of ${choices.join(', ')}`)
}

export function readRecord<T>(place: Place, read: Reader<T>): Readonly<Record<string, T>> {
  const entries = Object.entries(readObject(place))
  return Object.fromEntries(
    entries.map(([key, value]) => [key, read({ value, path: `${place.path}[${JSON.stringify(key)}]` })]),
  )
}

export function readList<T>(place: Place, read: Reader<T>): readonly T[] {
  if (!Array.isArray(place.value)) return refuse(place, 'a list')
  return place.value.map((value: unknown, index) => read({ value, path: `${place.path}[${index}]` }))
}

/** Finds the fields of an object by their names. */
export function fieldsOf(place: Place): (name: string) => Place {
  const fields = new Map<string, unknown>(Object.entries(readObject(place)))
  return name => ({ value: fields.get(name), path: `${place.path}.${name}` })
}

function readObject(place: Place): object {
  const { value } = place
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? value
    : refuse(place, 'an object')
}

export function refuse({ path, value }: Place, wanted: string): never {
  throw new Error(`${path} must be ${wanted}, but is ${show(value)}`)
}

const SHOWN_CHARACTERS = 80

function show(value: unknown): string {
  if (value === undefined) return 'absent'
  const text = JSON.stringify(value)
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text
}
