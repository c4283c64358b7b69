import { describe, expect, it } from 'vitest'
import type { Json, JsonObject } from '../../model/json.ts'
import { withoutNulls, withoutUnknownFields } from './decoded-object.ts'
import { unknownFields } from './strict-fields.ts'

const DEPLOYMENT = { apiVersion: 'apps/v1', kind: 'Deployment' }
const POD = { apiVersion: 'v1', kind: 'Pod' }

const deployment = (container: JsonObject): JsonObject => ({
  ...DEPLOYMENT,
  metadata: { name: 'web', labels: { anything: 'goes' } },
  spec: { template: { spec: { containers: [{ name: 'a' }, container] } } },
})

describe('fields that a kind does not have', () => {
  it('are named with their place, as kube-apiserver does', () => {
    const object = { ...deployment({ imagee: 'x', env: [{ nam: 'y' }] }), Spec: {}, metadata: { nam: 'z' } }
    expect(unknownFields(DEPLOYMENT, object)).toEqual([
      'metadata.nam',
      'spec.template.spec.containers[1].imagee',
      'spec.template.spec.containers[1].env[0].nam',
      'Spec',
    ])
  })

  it('are none in a right object, and in what holds any JSON', () => {
    expect(unknownFields(DEPLOYMENT, deployment({ image: 'x' }))).toEqual([])
    const managedFields = [{ fieldsV1: { 'f:spec': {} } }]
    expect(unknownFields(POD, { ...POD, metadata: { managedFields } })).toEqual([])
    const revision = { apiVersion: 'apps/v1', kind: 'ControllerRevision' }
    expect(unknownFields(revision, { ...revision, data: { any: 1 }, revision: 1 })).toEqual([])
  })

  it('are looked for in maps of messages, under their keys', () => {
    const kind = { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition' }
    const openAPIV3Schema = { properties: { size: { typ: 'integer' } } }
    const versions = [{ schema: { openAPIV3Schema } }]
    expect(unknownFields(kind, { ...kind, spec: { versions } })).toEqual([
      'spec.versions[0].schema.openAPIV3Schema.properties.size.typ',
    ])
  })

  it('are not looked for in kinds that are not built in', () => {
    expect(unknownFields({ apiVersion: 'example.com/v1', kind: 'Widget' }, { any: 1 })).toEqual([])
  })

  it('are at most a hundred, and names of the language are names like others', () => {
    const many = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`field${index}`, 1]))
    expect(unknownFields(POD, many)).toHaveLength(100)
    expect(unknownFields(POD, JSON.parse('{"__proto__":{},"constructor":1}'))).toEqual([
      '__proto__',
      'constructor',
    ])
  })

  it('are not told of schemas that stand where something else may stand, but left out of them', () => {
    const kind = { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition' }
    const crd = (items: JsonObject): JsonObject => ({
      ...kind,
      spec: { versions: [{ schema: { openAPIV3Schema: { type: 'array', items } } }] },
    })
    expect(unknownFields(kind, crd({ typ: 'string' }))).toEqual([])
    expect(withoutUnknownFields(kind, crd({ typ: 'x', type: 'string' }))).toEqual(crd({ type: 'string' }))
  })

  it('can be left out', () => {
    expect(withoutUnknownFields(DEPLOYMENT, deployment({ name: 'b', imagee: 'x' }))).toEqual(
      deployment({ name: 'b' }),
    )
  })
})

describe('nulls', () => {
  const decoded = (spec: Json): Json | undefined => withoutNulls(POD, { ...POD, spec })['spec']

  it('are no values in fields, and zeros in lists and maps, as Go has them', () => {
    expect(decoded({ nodeName: null, containers: [{ name: 'a', args: ['x', null], env: null }] })).toEqual({
      containers: [{ name: 'a', args: ['x', ''] }],
    })
    expect(decoded({ nodeSelector: { a: null }, overhead: { cpu: null }, containers: [null] })).toEqual({
      nodeSelector: { a: '' },
      overhead: { cpu: '0' },
      containers: [{}],
    })
  })

  it('stay in kinds that are not built in and in unknown fields', () => {
    const widget = { apiVersion: 'example.com/v1', kind: 'Widget', spec: null }
    expect(withoutNulls(widget, widget)).toEqual(widget)
    expect(decoded({ unknown: null })).toEqual({ unknown: null })
  })

  it('stay in any JSON that a field holds', () => {
    const kind = { apiVersion: 'apps/v1', kind: 'ControllerRevision' }
    expect(withoutNulls(kind, { ...kind, data: { a: null } })).toEqual({ ...kind, data: { a: null } })
  })

  it('do not reach the prototype of the object', () => {
    const labels: JsonObject = JSON.parse('{"__proto__":"x"}')
    const { metadata } = withoutNulls(POD, { ...POD, metadata: { labels } })
    expect(JSON.stringify(metadata)).toBe('{"labels":{"__proto__":"x"}}')
  })

  it('are not looked for in objects that are nested without end', () => {
    let schema: JsonObject = {}
    for (let level = 0; level < 100_000; level += 1) schema = { not: schema }
    const kind = { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition' }
    const object = { ...kind, spec: { versions: [{ schema: { openAPIV3Schema: schema } }] } }
    expect(() => withoutNulls(kind, object)).toThrow('exceeded max depth')
    expect(() => unknownFields(kind, object)).toThrow('exceeded max depth')
  })
})
