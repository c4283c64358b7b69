import type { Json } from '../../model/json.ts'
import { base64Problem } from './go-base64.ts'
import { timeProblem } from './go-time.ts'
import type { Scalar } from './message.ts'
import { quantityProblem } from './quantity-problem.ts'

export type ScalarProblem = {
  /** Types with a decoder of their own end the decoding when it fails. */
  readonly endsDecoding: boolean
} & (
  | {
      /** `string`, `number 1.5` */
      readonly found: string
      /** Absent: the type of the field. */
      readonly wanted?: string
    }
  | { readonly text: string }
)

/** `object`, as Go names what it found in JSON. */
export function jsonTypeOf(value: Exclude<Json, null>): string {
  if (Array.isArray(value)) return 'array'
  return typeof value === 'boolean' ? 'bool' : typeof value
}

/** Why Go could not decode a value into such a type. */
export function scalarProblem(scalar: Scalar, value: Exclude<Json, null>): ScalarProblem | undefined {
  return CHECKS[scalar](value)
}

type Check = (value: Exclude<Json, null>) => ScalarProblem | undefined

const typed =
  (wanted: 'string' | 'boolean' | 'number'): Check =>
  value =>
    typeof value === wanted ? undefined : { endsDecoding: false, found: jsonTypeOf(value) }

const integer =
  (isInRange: (value: number) => boolean): Check =>
  value => {
    if (typeof value !== 'number') return { endsDecoding: false, found: jsonTypeOf(value) }
    if (Number.isInteger(value) && isInRange(value)) return undefined
    return { endsDecoding: false, found: `number ${value}` }
  }

const INT64_END = 2 ** 63
const int32: Check = integer(value => value === (value | 0))
const anything: Check = () => undefined

/** Kinds of text that Go reads as a string first, then parses. */
const parsed =
  (problemOf: (text: string) => string | undefined): Check =>
  value => {
    if (typeof value !== 'string') return { endsDecoding: true, found: jsonTypeOf(value), wanted: 'string' }
    const text = problemOf(value)
    return text === undefined ? undefined : { endsDecoding: true, text }
  }

const bytes: Check = value => {
  if (typeof value !== 'string') return Array.isArray(value) ? undefined : typed('string')(value)
  const text = base64Problem(value)
  return text === undefined ? undefined : { endsDecoding: false, text }
}

const quantity: Check = value => {
  const text = quantityProblem(typeof value === 'string' ? value : JSON.stringify(value))
  return text === undefined ? undefined : { endsDecoding: true, text }
}

const intOrString: Check = value => {
  const problem = typeof value === 'string' ? undefined : int32(value)
  return problem === undefined ? undefined : { ...problem, endsDecoding: true, wanted: 'int32' }
}

const stringList: Check = value => {
  if (!Array.isArray(value)) return { endsDecoding: false, found: jsonTypeOf(value) }
  const wrong = value.find(item => item !== null && typeof item !== 'string')
  return wrong === undefined ? undefined : { endsDecoding: false, found: jsonTypeOf(wrong), wanted: 'string' }
}

const schemaOrBool: Check = value =>
  typeof value === 'boolean' || jsonTypeOf(value) === 'object'
    ? undefined
    : { endsDecoding: true, text: 'boolean or JSON schema expected' }

const CHECKS: Readonly<Record<Scalar, Check>> = {
  string: typed('string'),
  bool: typed('boolean'),
  int32,
  int64: integer(value => value >= -INT64_END && value < INT64_END),
  double: typed('number'),
  bytes,
  Time: parsed(text => timeProblem(text, 'seconds')),
  MicroTime: parsed(text => timeProblem(text, 'microseconds')),
  Quantity: quantity,
  IntOrString: intOrString,
  RawExtension: anything,
  FieldsV1: anything,
  JSON: anything,
  StringList: stringList,
  JSONSchemaPropsOrArray: anything,
  JSONSchemaPropsOrBool: schemaOrBool,
  JSONSchemaPropsOrStringArray: anything,
}
