import fc from 'fast-check'
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

const SIDECAR = compileSchema({
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      properties: {
        sidecar: { type: 'object', properties: { logLevel: { type: 'string', default: 'error' } } },
        labels: { type: 'object', additionalProperties: { type: 'string' } },
        ports: {
          type: 'array',
          items: { type: 'object', properties: { port: { type: 'integer', default: 80 } } },
        },
        open: {
          type: 'object',
          'x-kubernetes-preserve-unknown-fields': true,
          properties: { closed: { type: 'object', properties: { a: { type: 'string' } } } },
        },
        template: {
          type: 'object',
          'x-kubernetes-embedded-resource': true,
          properties: { spec: { type: 'object' } },
        },
        nothing: { type: 'string', nullable: true },
        something: { type: 'string' },
      },
    },
  },
})
const META = { apiVersion: 'example.test/v1', kind: 'Widget', metadata: { name: 'w', odd: true } }

describe('pruning', () => {
  it('removes what the schema does not name, and says where it was', () => {
    const object = {
      ...META,
      typo: 1,
      spec: {
        sidecar: { logLevle: 'debug' },
        labels: { any: 'name' },
        ports: [{ port: 1, prot: 2 }],
        open: { more: { b: 1 }, closed: { a: 'a', b: 'b' } },
        template: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, sepc: {} },
      },
    }
    expect(SIDECAR.prune(object)).toEqual({
      object: {
        ...META,
        spec: {
          sidecar: {},
          labels: { any: 'name' },
          ports: [{ port: 1 }],
          open: { more: { b: 1 }, closed: { a: 'a' } },
          template: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' } },
        },
      },
      unknown: [
        'spec.open.closed.b',
        'spec.ports[0].prot',
        'spec.sidecar.logLevle',
        'spec.template.sepc',
        'typo',
      ],
    })
  })

  it('gives the very object when there is nothing to remove', () => {
    const object = { ...META, spec: { labels: { a: 'b' } } }
    expect(SIDECAR.prune(object)).toEqual({ object, unknown: [] })
    expect(SIDECAR.prune(object).object).toBe(object)
  })

  it('takes __proto__ for a name like any other', () => {
    const object: JsonObject = JSON.parse(
      '{"spec":{"labels":{"__proto__":"a"},"__proto__":{"polluted":true}}}',
    )
    const { object: kept, unknown } = SIDECAR.prune(object)
    expect(JSON.stringify(kept)).toBe('{"spec":{"labels":{"__proto__":"a"}}}')
    expect(unknown).toEqual(['spec.__proto__'])
    expect('polluted' in {}).toBe(false)
  })
})

describe('defaults', () => {
  it('are put where a field is missing, in lists too, but not below what is missing itself', () => {
    expect(SIDECAR.withDefaults({ ...META, spec: { ports: [{}, { port: 1 }] } })).toEqual({
      ...META,
      spec: { ports: [{ port: 80 }, { port: 1 }] },
    })
    expect(SIDECAR.withDefaults({ spec: { sidecar: {} } })).toEqual({
      spec: { sidecar: { logLevel: 'error' } },
    })
  })

  it('take the place of null, where null is not allowed', () => {
    const spec = { sidecar: { logLevel: null }, nothing: null, something: null }
    expect(SIDECAR.withDefaults({ spec })).toEqual({
      spec: { sidecar: { logLevel: 'error' }, nothing: null },
    })
  })

  it('leave alone what is complete', () => {
    const object = { spec: { sidecar: { logLevel: 'debug' } } }
    expect(SIDECAR.withDefaults(object)).toBe(object)
  })
})

/** A schema together with values that it allows. */
interface Sample {
  readonly schema: JsonObject
  readonly values: fc.Arbitrary<Json>
}

const name = fc.oneof(fc.constantFrom('a', 'b', 'c', '__proto__', 'constructor'), fc.string({ maxLength: 3 }))
const { sample } = fc.letrec<{ sample: Sample }>(tie => ({
  sample: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom<Sample>(
      {
        schema: { type: 'string', minLength: 1, maxLength: 3 },
        values: fc.string({ minLength: 1, maxLength: 3, unit: 'binary' }),
      },
      { schema: { type: 'integer', format: 'int32', minimum: 0 }, values: fc.nat() },
      { schema: { type: 'number' }, values: fc.double({ noNaN: true, noDefaultInfinity: true }) },
      { schema: { type: 'boolean', default: true }, values: fc.boolean() },
      { schema: { type: 'string', enum: ['x', 'y'], default: 'x' }, values: fc.constantFrom('x', 'y') },
      { schema: { type: 'string', nullable: true }, values: fc.constant(null) },
      { schema: { 'x-kubernetes-int-or-string': true }, values: fc.oneof(fc.string(), fc.integer()) },
      { schema: { type: 'string', format: 'ipv6' }, values: fc.ipV6() },
      { schema: { type: 'string', format: 'uuid' }, values: fc.uuid() },
    ),
    tie('sample').map(
      ({ schema, values }): Sample => ({
        schema: { type: 'array', items: schema, maxItems: 3 },
        values: fc.array(values, { maxLength: 3 }),
      }),
    ),
    fc.dictionary(name, tie('sample'), { maxKeys: 3, noNullPrototype: true }).map(
      (parts): Sample => ({
        schema: {
          type: 'object',
          properties: Object.fromEntries(Object.entries(parts).map(([key, part]) => [key, part.schema])),
        },
        values: fc
          .tuple(
            ...Object.entries(parts).map(([key, part]) => part.values.map(value => [key, value] as const)),
          )
          .map(entries => Object.fromEntries(entries)),
      }),
    ),
  ),
}))
const objects = sample
  .filter(({ schema }) => schema['type'] === 'object')
  .chain(({ schema, values }) => values.map(value => ({ schema, object: value as JsonObject })))

describe('for any schema', () => {
  it('a value made for it is valid, and nothing of it is unknown', () => {
    fc.assert(
      fc.property(objects, ({ schema, object }) => {
        const compiled = compileSchema(schema)
        expect(compiled.validate(object)).toEqual([])
        // Fields of the object itself that are named like those of every object are let be.
        expect(compiled.prune(object)).toEqual({ object, unknown: [] })
      }),
    )
  })

  it('pruning twice is pruning once, defaulting twice is defaulting once', () => {
    fc.assert(
      fc.property(objects, fc.object({ maxDepth: 3 }), ({ schema, object }, other) => {
        const compiled = compileSchema(schema)
        const mixed: JsonObject = JSON.parse(JSON.stringify({ ...other, ...object }))
        const once = compiled.prune(mixed).object
        expect(compiled.prune(once)).toEqual({ object: once, unknown: [] })
        const complete = compiled.withDefaults(mixed)
        expect(compiled.withDefaults(complete)).toEqual(complete)
      }),
    )
  })

  it('any object is judged without a throw, and an unchanged one is not refused', () => {
    fc.assert(
      fc.property(objects, fc.object({ maxDepth: 3 }), ({ schema }, other) => {
        const compiled = compileSchema(schema)
        const object: JsonObject = JSON.parse(JSON.stringify(other))
        expect(Array.isArray(compiled.validate(object))).toBe(true)
        expect(compiled.validate(object, object)).toEqual([])
      }),
    )
  })
})
