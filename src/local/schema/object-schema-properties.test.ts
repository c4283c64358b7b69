import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Json, JsonObject } from '../../model/json.ts'
import { compileSchema } from './object-schema.ts'

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
