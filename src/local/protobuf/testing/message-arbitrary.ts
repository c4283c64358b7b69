import { Buffer } from 'node:buffer'
import fc from 'fast-check'
import type { Json, JsonObject } from '../../../model/json.ts'
import { messageNamed } from '../../kinds/built-in-kinds.ts'
import { jsonFields } from '../../kinds/json-fields.ts'
import type { Field, Message, Scalar } from '../../kinds/message.ts'

/** Objects of a message as Go clients would write them in JSON, the names of few fields drawn at each level. */
export function messageArbitrary(message: Message, depth = 0): fc.Arbitrary<JsonObject> {
  const fields = [...jsonFields(message).values()]
    .map(({ field }) => field)
    .filter(({ number }) => number > 0)
  const usable = depth < 6 ? fields : fields.filter(({ type }) => 'scalar' in type && !isSchema(type.scalar))
  return fc
    .subarray(usable, { maxLength: Math.min(usable.length, 5) })
    .chain(chosen =>
      fc.tuple(
        ...chosen.map(field => fieldArbitrary(field, depth).map(value => [field.name, value] as const)),
      ),
    )
    .map(entries => Object.fromEntries(entries))
}

function fieldArbitrary(field: Field, depth: number): fc.Arbitrary<Json> {
  const item = itemArbitrary(field, depth)
  if (field.shape === 'list') return fc.array(item, { minLength: 1, maxLength: 3 })
  if (field.shape === 'map') {
    const key = fc.oneof(fc.string({ maxLength: 8 }), fc.constant('__proto__'))
    return fc
      .uniqueArray(fc.tuple(key, item), { minLength: 1, maxLength: 3, selector: ([name]) => name })
      .map(entries => Object.fromEntries(entries))
  }
  return field.keepsZero ? item : item.filter(value => value !== '' && value !== 0 && value !== false)
}

function itemArbitrary({ type }: Field, depth: number): fc.Arbitrary<Json> {
  if ('message' in type) return messageArbitrary(messageNamed(type.message), depth + 1)
  return isSchema(type.scalar) ? schemaArbitrary(type.scalar, depth) : SCALARS[type.scalar]
}

type SchemaScalar = Extract<Scalar, `JSONSchemaProps${string}`>

function isSchema(scalar: Scalar): scalar is SchemaScalar {
  return scalar.startsWith('JSONSchemaProps')
}

function schemaArbitrary(scalar: SchemaScalar, depth: number): fc.Arbitrary<Json> {
  const schema: fc.Arbitrary<Json> = messageArbitrary(
    messageNamed('apiextensions.JSONSchemaProps'),
    depth + 2,
  )
  const others: Readonly<Record<SchemaScalar, fc.Arbitrary<Json>>> = {
    JSONSchemaPropsOrArray: fc.array(schema, { minLength: 1, maxLength: 2 }),
    JSONSchemaPropsOrBool: fc.boolean(),
    JSONSchemaPropsOrStringArray: fc.array(fc.string(), { minLength: 1, maxLength: 2 }),
  }
  return fc.oneof(schema, others[scalar])
}

const text = fc.string({ maxLength: 12, unit: 'binary' })
const times = fc.date({ min: new Date('0001-01-02'), max: new Date('9999-12-30'), noInvalidDate: true })
const anything: fc.Arbitrary<Json> = fc
  .jsonValue({ maxDepth: 2 })
  .filter(value => value !== null)
  // Through the text, as it is sent: JSON has no -0.
  .map(value => JSON.parse(JSON.stringify(value)))

const SCALARS: Readonly<Record<Exclude<Scalar, SchemaScalar>, fc.Arbitrary<Json>>> = {
  string: text,
  bool: fc.boolean(),
  int32: fc.integer(),
  int64: fc.maxSafeInteger(),
  double: fc.double({ noNaN: true, noDefaultInfinity: true }).map(value => value + 0),
  bytes: fc.uint8Array({ maxLength: 8 }).map(bytes => Buffer.from(bytes).toString('base64')),
  Time: times.map(date => date.toISOString().replace(/\.\d+Z$/, 'Z')),
  MicroTime: times.map(date => date.toISOString().replace('Z', '123Z')),
  Quantity: fc.constantFrom('100m', '1.5Gi', '0', '2'),
  IntOrString: fc.oneof(fc.integer(), text),
  RawExtension: anything,
  FieldsV1: anything,
  JSON: anything,
  StringList: fc.array(text, { maxLength: 3 }),
}
