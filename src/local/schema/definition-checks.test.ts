import { describe, expect, it } from 'vitest'
import type { Json, JsonObject } from '../../model/json.ts'
import { checkDefinition, unsupportedFeatures } from './definition-checks.ts'

const SCHEMA: JsonObject = {
  type: 'object',
  properties: { spec: { type: 'object', properties: { size: { type: 'integer', default: 1 } } } },
}

function definition(spec: JsonObject = {}, name = 'widgets.example.test'): JsonObject {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name },
    spec: {
      group: 'example.test',
      scope: 'Namespaced',
      names: { plural: 'widgets', kind: 'Widget' },
      versions: [version()],
      ...spec,
    },
  }
}

function version(parts: JsonObject = {}): JsonObject {
  return { name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: SCHEMA }, ...parts }
}

function ofSchema(openAPIV3Schema: Json): JsonObject {
  return definition({ versions: [version({ schema: { openAPIV3Schema } })] })
}

function ofField(field: Json): JsonObject {
  return ofSchema({ type: 'object', properties: { x: field } })
}

function problems(crd: JsonObject, old?: JsonObject): readonly string[] {
  return checkDefinition(crd, old).map(({ field, message }) => `${field}: ${message}`)
}

const ROOT = 'spec.validation.openAPIV3Schema'

describe('a definition', () => {
  it('is taken when all is well', () => {
    expect(problems(definition())).toEqual([])
  })

  it.each<[string, JsonObject, readonly string[]]>([
    [
      'a name of its own making',
      definition({}, 'widget.example.test'),
      ['metadata.name: Invalid value: "widget.example.test": must be spec.names.plural+"."+spec.group'],
    ],
    [
      'a group without a dot',
      definition({ group: 'example' }, 'widgets.example'),
      ['spec.group: Invalid value: "example": should be a domain with at least one dot'],
    ],
    [
      'a group of the community',
      definition({ group: 'shop.k8s.io' }, 'widgets.shop.k8s.io'),
      [
        'metadata.annotations[api-approved.kubernetes.io]: Required value: protected groups must have approval annotation "api-approved.kubernetes.io", see https://github.com/kubernetes/enhancements/pull/1111',
      ],
    ],
    [
      'an unknown scope',
      definition({ scope: 'Galaxy' }),
      ['spec.scope: Unsupported value: "Galaxy": supported values: "Cluster", "Namespaced"'],
    ],
    ['no scope', definition({ scope: '' }), ['spec.scope: Required value']],
    [
      'two storage versions',
      definition({ versions: [version(), version({ name: 'v2' })] }),
      [
        'spec.versions: Invalid value: [{"name":"v1","served":true,"storage":true},{"name":"v2","served":true,"storage":true}]: must have exactly one version marked as storage version',
      ],
    ],
    [
      'no schema',
      definition({ versions: [version({ schema: null })] }),
      ['spec.versions[0].schema.openAPIV3Schema: Required value'],
    ],
    [
      'a kind that is its own list',
      definition({ names: { plural: 'widgets', kind: 'Widget', listKind: 'Widget' } }),
      ['spec.names.listKind: Invalid value: "Widget": kind and listKind may not be the same'],
    ],
    [
      'preserveUnknownFields',
      definition({ preserveUnknownFields: true }),
      [
        'spec.preserveUnknownFields: Invalid value: true: cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead',
      ],
    ],
    [
      'an odd column',
      definition({
        versions: [version({ additionalPrinterColumns: [{ name: 'A', type: 'text', jsonPath: 'spec.a' }] })],
      }),
      [
        'spec.additionalPrinterColumns[0].type: Invalid value: "text": must be one of boolean,date,integer,number,string',
        'spec.additionalPrinterColumns[0].JSONPath: Invalid value: "spec.a": must be a simple json path starting with .',
      ],
    ],
    [
      'a scale that is elsewhere',
      definition({
        versions: [
          version({
            subresources: { scale: { specReplicasPath: '.replicas', statusReplicasPath: '.status.n' } },
          }),
        ],
      }),
      [
        'spec.subresources.scale.specReplicasPath: Invalid value: ".replicas": should be a json path under .spec',
      ],
    ],
    [
      'an unknown conversion',
      definition({ conversion: { strategy: 'Magic' } }),
      ['spec.conversion.strategy: Unsupported value: "Magic": supported values: "None", "Webhook"'],
    ],
  ])('is refused with %s', (_, crd, expected) => {
    expect(problems(crd)).toEqual(expected)
  })

  it('keeps its scope and its names', () => {
    expect(problems(definition({ scope: 'Cluster' }), definition())).toEqual([
      'spec.scope: Invalid value: "Cluster": field is immutable',
    ])
  })

  it('names the version when not all have the same schema', () => {
    const versions = [version(), version({ name: 'v2', storage: false, schema: { openAPIV3Schema: {} } })]
    expect(problems(definition({ versions }))).toEqual([
      'spec.versions[1].schema.openAPIV3Schema.type: Required value: must not be empty at the root',
    ])
  })

  it('tells what it asks for in vain', () => {
    const rules = { 'x-kubernetes-validations': [{ rule: 'true' }] }
    const crd = definition({
      conversion: { strategy: 'Webhook', webhook: {} },
      versions: [version({ schema: { openAPIV3Schema: { ...SCHEMA, ...rules } } })],
    })
    expect(unsupportedFeatures(crd)).toEqual([
      'spec.conversion.strategy: Webhook',
      'spec.versions[0].schema.openAPIV3Schema.x-kubernetes-validations[0]',
    ])
    expect(unsupportedFeatures(definition())).toEqual([])
  })

  it.each<JsonObject>([{}, { spec: null }, { spec: [] }, { spec: { versions: [1], names: 2 } }])(
    'is judged without a throw: %j',
    crd => {
      expect(problems(crd)).toContain('spec.group: Required value')
    },
  )
})

describe('the schema of a definition', () => {
  it.each<[Json, readonly string[]]>([
    [{}, [`${ROOT}.properties[x].type: Required value: must not be empty for specified object fields`]],
    [{ type: 'array' }, [`${ROOT}.properties[x].items: Required value: must be specified`]],
    [
      { type: 'array', items: {} },
      [`${ROOT}.properties[x].items.type: Required value: must not be empty for specified array items`],
    ],
    [{ 'x-kubernetes-preserve-unknown-fields': true }, []],
    [{ 'x-kubernetes-int-or-string': true, anyOf: [{ type: 'integer' }, { type: 'string' }] }, []],
    [
      { type: 'text' },
      [
        `${ROOT}.properties[x].type: Unsupported value: "text": supported values: "array", "boolean", "integer", "number", "object", "string"`,
      ],
    ],
    [
      { type: 'string', anyOf: [{ type: 'string', description: 'a' }] },
      [
        `${ROOT}.properties[x].anyOf[0].description: Forbidden: must be empty to be structural`,
        `${ROOT}.properties[x].anyOf[0].type: Forbidden: must be empty to be structural`,
      ],
    ],
    [
      { type: 'object', properties: { a: { type: 'string' } }, additionalProperties: { type: 'string' } },
      [
        `${ROOT}.properties[x].additionalProperties: Forbidden: additionalProperties and properties are mutual exclusive`,
      ],
    ],
    [
      { type: 'array', items: { type: 'string' }, uniqueItems: true },
      [
        `${ROOT}.properties[x].uniqueItems: Forbidden: uniqueItems cannot be set to true since the runtime complexity becomes quadratic`,
      ],
    ],
    [{ type: 'object', $ref: '#/a' }, [`${ROOT}.properties[x].$ref: Forbidden: $ref is not supported`]],
    [
      { type: 'integer', default: 'a' },
      [`${ROOT}.properties[x].default: Invalid value: "string":  in body must be of type integer: "string"`],
    ],
    [
      { type: 'object', properties: { a: { type: 'string' } }, default: { b: 1 } },
      [`${ROOT}.properties[x].default: Invalid value: {"b":1}: must not have unknown fields`],
    ],
    [
      {
        type: 'array',
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['name'],
        items: { type: 'object', properties: { name: { type: 'string' } } },
      },
      [
        `${ROOT}.properties[x].items.properties[name].default: Required value: this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property`,
      ],
    ],
    [
      { type: 'array', 'x-kubernetes-list-type': 'set', items: { type: 'object' } },
      [
        `${ROOT}.properties[x].items.x-kubernetes-map-type: Invalid value: null: must be atomic as item of a list with x-kubernetes-list-type=set`,
      ],
    ],
  ])('%j gives %j', (field, expected) => {
    expect(problems(ofField(field))).toEqual(expected)
  })

  it('may speak in alternatives only of fields that are known', () => {
    const schema = { type: 'object', anyOf: [{ properties: { a: { minimum: 1 } } }] }
    expect(problems(ofSchema(schema))).toEqual([
      `${ROOT}.properties[a]: Required value: because it is defined in ${ROOT}.anyOf[0].properties[a]`,
    ])
  })

  it('may restrict nothing of the metadata but names', () => {
    const metadata = (properties: JsonObject): JsonObject => ({ type: 'object', properties })
    const named = { name: { type: 'string', maxLength: 5 } }
    expect(problems(ofSchema({ type: 'object', properties: { metadata: metadata(named) } }))).toEqual([])
    const labelled = { labels: { type: 'object', additionalProperties: { type: 'string' } } }
    expect(problems(ofSchema({ type: 'object', properties: { metadata: metadata(labelled) } }))).toEqual([
      `${ROOT}.properties[metadata]: Forbidden: must not specify anything other than name and generateName, but metadata is implicitly specified`,
    ])
  })
})
