import { describe, expect, it } from 'vitest'
import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts'
import { BUILT_IN_KINDS } from '../kinds/built-in-kinds.ts'
import { openApiDocument, openApiHash, openApiIndex } from './open-api-document.ts'
import type { OpenApiResource } from './open-api-resource.ts'

const APPS = { group: 'apps', version: 'v1' }
const DEPLOYMENTS: OpenApiResource = {
  ...APPS,
  kind: 'Deployment',
  plural: 'deployments',
  namespaced: true,
  subresources: ['status', 'scale'],
}
const WIDGETS: OpenApiResource = {
  group: 'mesh.example.com',
  version: 'v1',
  kind: 'Widget',
  plural: 'widgets',
  namespaced: false,
  schema: { type: 'object', properties: { spec: { type: 'object' }, metadata: { type: 'object' } } },
}

/** The value under names, one below the other. */
function at(value: Json, ...names: readonly string[]): Json | undefined {
  let inner: Json | undefined = value
  for (const name of names)
    inner = isJsonObject(inner) && Object.hasOwn(inner, name) ? inner[name] : undefined
  return inner
}

const schema = (document: JsonObject, name: string): Json =>
  at(document, 'components', 'schemas', name) ?? null

describe('the index', () => {
  it('leads to a document for each group and version', () => {
    const index = openApiIndex([
      { group: '', version: 'v1', hash: 'A' },
      { ...APPS, hash: 'B' },
    ])
    expect(index).toEqual({
      paths: {
        'api/v1': { serverRelativeURL: '/openapi/v3/api/v1?hash=A' },
        'apis/apps/v1': { serverRelativeURL: '/openapi/v3/apis/apps/v1?hash=B' },
      },
    })
  })

  it('has another hash for another document', () => {
    const [one, other] = [openApiDocument(WIDGETS, [WIDGETS]), openApiDocument(WIDGETS, [])]
    expect(openApiHash(one)).toBe(openApiHash(openApiDocument(WIDGETS, [WIDGETS])))
    expect(openApiHash(one)).not.toBe(openApiHash(other))
  })
})

describe('the document of a built-in group', () => {
  const document = openApiDocument(APPS, [DEPLOYMENTS, WIDGETS])

  it('says what a Deployment is', () => {
    expect(schema(document, 'io.k8s.api.apps.v1.Deployment')).toMatchObject({
      type: 'object',
      'x-kubernetes-group-version-kind': [{ group: 'apps', kind: 'Deployment', version: 'v1' }],
      properties: { spec: { allOf: [{ $ref: '#/components/schemas/io.k8s.api.apps.v1.DeploymentSpec' }] } },
    })
    expect(schema(document, 'io.k8s.api.apps.v1.DeploymentSpec')).toMatchObject({
      required: ['selector', 'template'],
      properties: { replicas: { type: 'integer', format: 'int32' } },
    })
  })

  it('says how lists are merged, which kubectl makes its patches with', () => {
    expect(at(schema(document, 'io.k8s.api.core.v1.PodSpec'), 'properties', 'containers')).toMatchObject({
      type: 'array',
      'x-kubernetes-patch-merge-key': 'name',
      'x-kubernetes-patch-strategy': 'merge',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['name'],
    })
  })

  it('lets kubectl see that it can dry-run, check fields and take strategic patches', () => {
    const path = '/apis/apps/v1/namespaces/{namespace}/deployments/{name}'
    const patch = at(document, 'paths', path, 'patch')
    expect(patch).toMatchObject({
      'x-kubernetes-action': 'patch',
      'x-kubernetes-group-version-kind': { group: 'apps', kind: 'Deployment', version: 'v1' },
      parameters: expect.arrayContaining([
        expect.objectContaining({ name: 'dryRun', in: 'query' }),
        expect.objectContaining({ name: 'fieldValidation', in: 'query' }),
      ]),
    })
    expect(at(patch ?? null, 'requestBody', 'content')).toHaveProperty([
      'application/strategic-merge-patch+json',
    ])
    expect(at(document, 'paths', `${path}/scale`, 'get')).toMatchObject({
      'x-kubernetes-group-version-kind': { group: 'autoscaling', kind: 'Scale', version: 'v1' },
    })
  })

  it('leaves out resources of other groups', () => {
    expect(Object.keys(at(document, 'paths') ?? {}).every(path => path.startsWith('/apis/apps/v1/'))).toBe(
      true,
    )
  })

  it('explains a status otherwise than what is wanted', () => {
    const described = (message: string, field: string): Json | undefined =>
      at(schema(document, `io.k8s.api.apps.v1.${message}`), 'properties', field, 'description')
    expect(described('DeploymentSpec', 'replicas')).toContain('Default 1')
    expect(described('DeploymentStatus', 'replicas')).toBeUndefined()
    expect(described('DeploymentCondition', 'status')).toBeUndefined()
  })
})

describe('the document of a custom group', () => {
  const document = openApiDocument(WIDGETS, [DEPLOYMENTS, WIDGETS])

  it('adds to the schema what every object has', () => {
    expect(schema(document, 'com.example.mesh.v1.Widget')).toMatchObject({
      properties: {
        apiVersion: { type: 'string' },
        spec: { type: 'object' },
        metadata: {
          allOf: [{ $ref: '#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta' }],
        },
      },
      'x-kubernetes-group-version-kind': [{ group: 'mesh.example.com', kind: 'Widget', version: 'v1' }],
    })
  })

  it('offers no strategic merge patch', () => {
    const patch = at(document, 'paths', '/apis/mesh.example.com/v1/widgets/{name}', 'patch') ?? null
    expect(Object.keys(at(patch, 'requestBody', 'content') ?? {})).toEqual([
      'application/json-patch+json',
      'application/merge-patch+json',
      'application/apply-patch+yaml',
    ])
  })
})

describe('every document', () => {
  const groups = [...new Set(BUILT_IN_KINDS.map(({ group }) => group)), WIDGETS.group]
  it.each(groups)('refers to schemas only that it has: "%s"', group => {
    const resources = BUILT_IN_KINDS.filter(({ kind }) => !kind.endsWith('List')).map(kind => ({
      ...kind,
      plural: kind.kind.toLowerCase(),
      namespaced: true,
    }))
    const document = openApiDocument({ group, version: 'v1' }, [...resources, DEPLOYMENTS, WIDGETS])
    const text = JSON.stringify(document)
    const names = [...text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(match => match[1] ?? '')
    const missing = names.filter(name => schema(document, name) === null)
    expect(names.length).toBeGreaterThan(10)
    expect([...new Set(missing)]).toEqual([])
  })
})
