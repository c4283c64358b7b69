import { describe, expect, it } from 'vitest'
import type { Json, JsonObject } from '../../model/json.ts'
import { compileSchema } from './object-schema.ts'

/** The causes as kubectl prints them, of one property `spec.x` (or of `spec` itself). */
function refusals(x: JsonObject, value: Json): readonly string[] {
  const schema = compileSchema({
    type: 'object',
    properties: { spec: { type: 'object', properties: { x } } },
  })
  return schema.validate({ spec: { x: value } }).map(({ field, message }) => `${field}: ${message}`)
}

describe('validation by a schema', () => {
  it.each<[JsonObject, Json, readonly string[]]>([
    [
      { type: 'string', enum: ['trace', 'debug'] },
      'loud',
      ['spec.x: Unsupported value: "loud": supported values: "trace", "debug"'],
    ],
    [{ type: 'integer', enum: [1, 2] }, 3, ['spec.x: Unsupported value: 3: supported values: "1", "2"']],
    [
      { type: 'integer' },
      'a',
      ['spec.x: Invalid value: "string": spec.x in body must be of type integer: "string"'],
    ],
    [
      { type: 'integer' },
      1.5,
      ['spec.x: Invalid value: "number": spec.x in body must be of type integer: "number"'],
    ],
    [
      { type: 'integer', format: 'int32' },
      1.5,
      ['spec.x: Invalid value: "float64": spec.x in body must be of type int32: "float64"'],
    ],
    [
      { type: 'integer', format: 'int32' },
      2 ** 31,
      ['<nil>: Invalid value: "": Checked value must be of type integer with format int32 in spec.x'],
    ],
    [
      { type: 'string' },
      null,
      ['spec.x: Invalid value: "null": spec.x in body must be of type string: "null"'],
    ],
    [
      { type: 'integer' },
      1e300,
      ['spec.x: Invalid value: "number": spec.x in body must be of type integer: "number"'],
    ],
    [{ type: 'string', nullable: true }, null, []],
    [{ type: 'number' }, 1, []],
    [
      { type: 'string' },
      5,
      ['spec.x: Invalid value: "integer": spec.x in body must be of type string: "integer"'],
    ],
    [
      { type: 'object' },
      [],
      ['spec.x: Invalid value: "array": spec.x in body must be of type object: "array"'],
    ],
    [
      { 'x-kubernetes-int-or-string': true },
      true,
      ['spec.x: Invalid value: "boolean": spec.x in body must be of type integer,string: "boolean"'],
    ],
    [
      { type: 'string', pattern: '^[a-z]+$' },
      'A"',
      ['spec.x: Invalid value: "A\\"": spec.x in body should match \'^[a-z]+$\''],
    ],
    [{ type: 'string', maxLength: 2 }, 'abc', ['spec.x: Too long: may not be more than 2 bytes']],
    [{ type: 'string', maxLength: 2 }, '🙂🙂', []],
    [
      { type: 'string', minLength: 2 },
      'a',
      ['spec.x: Invalid value: "a": spec.x in body should be at least 2 chars long'],
    ],
    [
      { type: 'integer', maximum: 65535 },
      70000,
      ['spec.x: Invalid value: 70000: spec.x in body should be less than or equal to 65535'],
    ],
    [
      { type: 'integer', minimum: 0, exclusiveMinimum: true },
      0,
      ['spec.x: Invalid value: 0: spec.x in body should be greater than 0'],
    ],
    [
      { type: 'number', multipleOf: 0.1 },
      0.25,
      ['spec.x: Invalid value: 0.25: spec.x in body should be a multiple of 0.1'],
    ],
    [{ type: 'number', multipleOf: 0.1 }, 0.3, []],
    [
      { type: 'array', items: { type: 'string' }, minItems: 1 },
      [],
      ['spec.x: Invalid value: 0: spec.x in body should have at least 1 items'],
    ],
    [
      { type: 'array', items: { type: 'string' }, maxItems: 1 },
      ['a', 'b'],
      ['spec.x: Too many: 2: must have at most 1 item'],
    ],
    [
      { type: 'array', items: { type: 'object', required: ['port'] } },
      [{ port: 1 }, {}],
      ['spec.x[1].port: Required value'],
    ],
    [
      { type: 'object', additionalProperties: { type: 'string' }, maxProperties: 1 },
      { a: 'b', c: 1 },
      [
        'spec.x: Too many: 2: must have at most 1 item',
        'spec.x.c: Invalid value: "integer": spec.x.c in body must be of type string: "integer"',
      ],
    ],
    [
      { type: 'string', format: 'ipv4' },
      'abc',
      ['spec.x: Invalid value: "abc": spec.x in body must be of type ipv4: "abc"'],
    ],
    [{ type: 'string', format: 'no-such-format' }, 'abc', []],
    [
      { type: 'integer', not: { minimum: 5 } },
      7,
      ['<nil>: Invalid value: "": "spec.x" must not validate the schema (not)'],
    ],
    [
      { type: 'object', oneOf: [{ required: ['a'] }, { required: ['b'] }] },
      { a: 1, b: 2 },
      [
        '<nil>: Invalid value: "": "spec.x" must validate one and only one schema (oneOf). Found 2 valid alternatives',
      ],
    ],
    [
      { type: 'object', oneOf: [{ required: ['a'] }, { required: ['b'] }] },
      {},
      [
        '<nil>: Invalid value: "": "spec.x" must validate one and only one schema (oneOf). Found none valid',
        'spec.x.a: Required value',
      ],
    ],
    [
      { type: 'integer', anyOf: [{ minimum: 5 }, { multipleOf: 2 }] },
      3,
      [
        '<nil>: Invalid value: "": "spec.x" must validate at least one schema (anyOf)',
        'spec.x: Invalid value: 3: spec.x in body should be greater than or equal to 5',
      ],
    ],
    [
      { type: 'integer', allOf: [{ minimum: 5 }, { maximum: 9 }] },
      3,
      [
        'spec.x: Invalid value: 3: spec.x in body should be greater than or equal to 5',
        '<nil>: Invalid value: "": "spec.x" must validate all the schemas (allOf)',
      ],
    ],
    [
      { type: 'array', items: { type: 'string' }, 'x-kubernetes-list-type': 'set' },
      ['a', 'b', 'a', 'a'],
      ['spec.x[2]: Duplicate value: "a"'],
    ],
    [
      {
        type: 'array',
        items: { type: 'object', properties: { name: { type: 'string' } } },
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['name'],
      },
      [{ name: 'a' }, { name: 'a' }],
      ['spec.x[1]: Duplicate value: {"name":"a"}'],
    ],
    [
      {
        type: 'object',
        'x-kubernetes-embedded-resource': true,
        'x-kubernetes-preserve-unknown-fields': true,
      },
      { kind: 'Bad Kind' },
      [
        'spec.x.apiVersion: Required value',
        "spec.x.kind: Invalid value: \"Bad Kind\": may have mixed case, but should otherwise match: a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')",
      ],
    ],
  ])('by %j of %j gives %j', (schema, value, expected) => {
    expect(refusals(schema, value)).toEqual(expected)
  })

  it('lets be what an update did not change', () => {
    const port = { type: 'integer', maximum: 10 }
    const list = {
      type: 'array',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['name'],
      items: { type: 'object', properties: { name: { type: 'string' }, port } },
    }
    const schema = compileSchema({ type: 'object', properties: { port, list } })
    const old = { port: 20, list: [{ name: 'a', port: 20 }] }
    expect(schema.validate(old)).toHaveLength(2)
    expect(schema.validate({ ...old, list: [{ name: 'b' }, ...old.list] }, old)).toEqual([])
    expect(schema.validate({ ...old, port: 21 }, old)).toMatchObject([{ field: 'port' }])
  })

  it('tells of rules that it does not run', () => {
    const rule = { rule: 'self.a < self.b' }
    const properties = { spec: { type: 'object', 'x-kubernetes-validations': [rule] } }
    const { unsupported } = compileSchema({ type: 'object', properties })
    expect(unsupported).toEqual(['openAPIV3Schema.properties[spec].x-kubernetes-validations[0]'])
  })

  it('refuses keywords with values they cannot have', () => {
    expect(() => compileSchema({ type: 'object', properties: { a: { maxLength: 'many' } } })).toThrow(
      'openAPIV3Schema.properties[a].maxLength: Invalid value: "many": must be of type number',
    )
    expect(() => compileSchema({ properties: { a: { type: 'string', pattern: 'a(?=b)' } } })).toThrow(
      "must be a valid regular expression, but isn't: error parsing regexp: invalid or unsupported Perl syntax: `(?=`",
    )
  })
})
