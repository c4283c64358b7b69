import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../model/json.ts'
import { compileSchema } from './object-schema.ts'

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
