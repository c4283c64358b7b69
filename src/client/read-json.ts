/**
 * Small readers of JSON that came from elsewhere. Each takes a value and gives it back typed, or throws an
 * `Unreadable` that names the place; the place is put together only when something is wrong.
 */
export class Unreadable extends Error {
  readonly place: string
  readonly wanted: string

  constructor(place: string, wanted: string) {
    super(`${place} is not ${wanted}`)
    this.name = 'Unreadable'
    this.place = place
    this.wanted = wanted
  }
}

export type Reader<T> = (value: unknown) => T
export type JsonObject = Readonly<Record<string, unknown>>

export function text(value: unknown): string {
  if (typeof value !== 'string') throw new Unreadable('', 'text')
  return value
}

export function number(value: unknown): number {
  if (typeof value !== 'number') throw new Unreadable('', 'a number')
  return value
}

export function object(value: unknown): JsonObject {
  if (!isObject(value)) throw new Unreadable('', 'an object')
  return value
}

/** Servers written in Go print an empty list as null. */
export function list<T>(read: Reader<T>): Reader<readonly T[]> {
  return value => {
    if (value === null || value === undefined) return []
    if (!Array.isArray(value)) throw new Unreadable('', 'a list')
    return value.map((item: unknown, index) => {
      try {
        return read(item)
      } catch (error) {
        throw below(`[${index}]`, error)
      }
    })
  }
}

export function field<T>(from: JsonObject, key: string, read: Reader<T>): T {
  try {
    return read(from[key])
  } catch (error) {
    throw below(`.${key}`, error)
  }
}

function below(step: string, error: unknown): unknown {
  return error instanceof Unreadable ? new Unreadable(step + error.place, error.wanted) : error
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
