import type { FailureCause } from '../../kube/kube-failure.ts'
import type { Json } from '../../model/json.ts'
import { typeInvalid } from './field-causes.ts'
import { isList } from './go-text.ts'
import type { SchemaNode, SchemaType } from './schema-node.ts'

/** The type of a value; numbers without a fraction are integers, if they fit into 64 bits. */
export function typeOf(value: Json): SchemaType | 'null' {
  if (value === null) return 'null'
  if (isList(value)) return 'array'
  if (typeof value === 'number') {
    return Number.isInteger(value) && Math.abs(value) < 2 ** 63 ? 'integer' : 'number'
  }
  return typeof value === 'object' ? 'object' : (typeof value as 'boolean' | 'string')
}

/** Undefined when the value is of a type that the schema names, or the schema names none. */
export function typeProblem(node: SchemaNode, value: Json, place: Place): FailureCause | undefined {
  const wanted = node.types.join(',')
  const actual = typeOf(value)
  if (actual === 'null') {
    return node.types.length === 0 || node.nullable ? undefined : mismatch(place, wanted, 'null')
  }
  if (node.types.length === 0 || node.types.some(type => isOf(actual, type))) return undefined
  if (actual !== 'string' && actual !== 'array' && node.format !== undefined) {
    return mismatch(place, node.format, GO_FORMATS[actual])
  }
  return mismatch(place, wanted, actual)
}

/** Where a value is: `spec.ports[0]`, the whole object is ''. */
export type Place = string

/** What kube-apiserver names in the place of the type when the schema has a format. */
const GO_FORMATS: Readonly<Record<Exclude<SchemaType, 'array' | 'string'>, string>> = {
  boolean: '',
  integer: 'int64',
  number: 'float64',
  object: '',
}

function mismatch(place: Place, wanted: string, actual: string): FailureCause {
  return typeInvalid(fieldOf(place), actual, `${place} in body must be of type ${wanted}: "${actual}"`)
}

function isOf(actual: SchemaType, type: SchemaType): boolean {
  return actual === type || (actual === 'integer' && type === 'number')
}

/**
 * The `field` of a cause. kube-apiserver writes `<nil>` for the whole object, and for what it says of several
 * alternatives at once (anyOf, oneOf, allOf, not).
 */
export function fieldOf(place: Place): string {
  const field = place.replace(/^\./, '')
  return field === '' ? WHOLE : field
}

export const WHOLE = '<nil>'
