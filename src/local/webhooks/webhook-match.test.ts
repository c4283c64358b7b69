import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../model/json.ts'
import { podRequest } from './testing/admission-requests.ts'
import { readWebhooks, type Webhook } from './webhook.ts'
import { isCalled, isExempt } from './webhook-match.ts'

const NAMESPACES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  shop: { mesh: 'osm' },
  plain: {},
}
const scope = { namespaceLabels: (name: string) => NAMESPACES[name] }

function webhook(rule: JsonObject, more: JsonObject = {}): Webhook {
  const rules = [{ operations: ['*'], apiGroups: ['*'], apiVersions: ['*'], resources: ['*'], ...rule }]
  const [read] = readWebhooks([{ metadata: { name: 'a' }, webhooks: [{ name: 'a.b.c', rules, ...more }] }])
  if (read === undefined) throw new Error('there is no webhook')
  return read
}

const request = podRequest({ name: 'cart' })
const namespaceRequest = {
  ...request,
  resource: { group: '', version: 'v1', resource: 'namespaces' },
  kind: { group: '', version: 'v1', kind: 'Namespace' },
  namespace: '',
  name: 'shop',
}

describe('rules of webhooks', () => {
  it.each<[JsonObject, boolean]>([
    [{}, true],
    [{ operations: ['CREATE'] }, true],
    [{ operations: ['UPDATE', 'DELETE'] }, false],
    [{ apiGroups: [''] }, true],
    [{ apiGroups: ['apps'] }, false],
    [{ apiVersions: ['v1'] }, true],
    [{ apiVersions: ['v2'] }, false],
    [{ resources: ['pods'] }, true],
    [{ resources: ['pods/*'] }, true],
    [{ resources: ['*/*'] }, true],
    [{ resources: ['pods/status', '*/status'] }, false],
    [{ resources: ['services'] }, false],
    [{ scope: 'Namespaced' }, true],
    [{ scope: 'Cluster' }, false],
    [{ resources: 'pods' }, false],
  ])('%j takes the creation of a pod: %s', (rule, expected) => {
    expect(isCalled(webhook(rule), request, scope)).toBe(expected)
  })

  it.each<[string, boolean]>([
    ['*', false],
    ['pods', false],
    ['pods/status', true],
    ['*/status', true],
    ['pods/*', true],
    ['pods/exec', false],
  ])('%s takes the status of a pod: %s', (resource, expected) => {
    const ofStatus = { ...request, subresource: 'status' }
    expect(isCalled(webhook({ resources: [resource] }), ofStatus, scope)).toBe(expected)
  })

  it('count a Namespace among what is in none', () => {
    for (const namespace of ['', 'shop']) {
      const ofNamespace = { ...namespaceRequest, namespace }
      expect(isCalled(webhook({ scope: 'Cluster' }), ofNamespace, scope)).toBe(true)
      expect(isCalled(webhook({ scope: 'Namespaced' }), ofNamespace, scope)).toBe(false)
    }
  })
})

describe('selectors of webhooks', () => {
  const inMesh = webhook({}, { namespaceSelector: { matchLabels: { mesh: 'osm' } } })
  const carts = webhook({}, { objectSelector: { matchLabels: { app: 'cart' } } })

  it('look at the namespace', () => {
    expect(isCalled(inMesh, request, scope)).toBe(true)
    expect(isCalled(inMesh, { ...request, namespace: 'plain' }, scope)).toBe(false)
    const ignored = { matchExpressions: [{ key: 'mesh', operator: 'DoesNotExist' }] }
    expect(isCalled(webhook({}, { namespaceSelector: ignored }), request, scope)).toBe(false)
  })

  it('never leave out what is in no namespace', () => {
    const resource = { group: '', version: 'v1', resource: 'nodes' }
    expect(isCalled(inMesh, { ...request, resource, namespace: '' }, scope)).toBe(true)
  })

  it('look at the labels that a namespace shall have, and at those that it had when it goes', () => {
    const labelled = { metadata: { name: 'plain', labels: { mesh: 'osm' } } }
    const written = { ...namespaceRequest, name: 'plain', object: labelled }
    expect(isCalled(inMesh, written, scope)).toBe(true)
    expect(isCalled(inMesh, { ...written, operation: 'DELETE', object: null }, scope)).toBe(false)
    expect(isCalled(inMesh, { ...namespaceRequest, operation: 'DELETE', object: null }, scope)).toBe(true)
  })

  it('look at the object, the new one and the old one', () => {
    const cart = { metadata: { labels: { app: 'cart' } } }
    const other = { metadata: {} }
    const call = (object: JsonObject | null, oldObject: JsonObject | null) =>
      isCalled(carts, { ...request, object, oldObject }, scope)
    expect(call(cart, null)).toBe(true)
    expect(call(other, cart)).toBe(true)
    expect(call(other, null)).toBe(false)
    expect(call(null, null)).toBe(false)
  })

  it('say when there is no such namespace, and when there is no such operator', () => {
    expect(() => isCalled(inMesh, { ...request, namespace: 'gone' }, scope)).toThrow(
      'namespaces "gone" not found',
    )
    const wrong = { matchExpressions: [{ key: 'mesh', operator: 'Near' }] }
    expect(() => isCalled(webhook({}, { namespaceSelector: wrong }), request, scope)).toThrow(
      'Internal error occurred: "Near" is not a valid label selector operator',
    )
  })
})

describe('webhooks with conditions in CEL', () => {
  it('fail the request where they would be called, and only there', () => {
    const conditions = { matchConditions: [{ name: 'a', expression: 'true' }] }
    expect(() => isCalled(webhook({}, conditions), request, scope)).toThrow('matchConditions')
    expect(isCalled(webhook({ resources: ['services'] }, conditions), request, scope)).toBe(false)
    expect(isCalled(webhook({}, { matchConditions: [] }), request, scope)).toBe(true)
  })
})

describe('webhook configurations', () => {
  it('are exempt', () => {
    const kind = {
      group: 'admissionregistration.k8s.io',
      version: 'v1',
      kind: 'MutatingWebhookConfiguration',
    }
    expect(isExempt({ ...request, kind })).toBe(true)
    expect(isExempt(request)).toBe(false)
  })

  it('are read in the order of their names, whatever else they hold', () => {
    const odd = [null, 1, {}, { metadata: { name: 'z' }, webhooks: 'none' }]
    const one = { metadata: { name: 'b' }, webhooks: [{ name: '1' }, 2, { name: '3', timeoutSeconds: 90 }] }
    const two = { metadata: { name: 'a' }, webhooks: [{ name: '4' }] }
    const read = readWebhooks([...odd, one, two])
    expect(read.map(({ name }) => name)).toEqual(['4', '1', '3'])
    expect(read.map(({ timeoutSeconds }) => timeoutSeconds)).toEqual([10, 10, 30])
    expect(read[0]).toMatchObject({ failurePolicy: 'Fail', reinvocationPolicy: 'Never' })
  })
})
