import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CLUSTER_ROLES, CONFIG_MAPS, DEPLOYMENTS, NAMESPACES, PODS } from '../resources.ts'
import { collectionPath, creationPath, objectPath, podProxyPath } from './api-path.ts'

describe('paths of the API', () => {
  it('are those of the core group and of the others', () => {
    expect(collectionPath(PODS)).toBe('/api/v1/pods')
    expect(collectionPath(PODS, 'n')).toBe('/api/v1/namespaces/n/pods')
    expect(objectPath(NAMESPACES, { name: 'n' })).toBe('/api/v1/namespaces/n')
    expect(objectPath(DEPLOYMENTS, { namespace: 'n', name: 'd' }, 'status')).toBe(
      '/apis/apps/v1/namespaces/n/deployments/d/status',
    )
  })

  it('encode names', () => {
    expect(objectPath(CLUSTER_ROLES, { name: 'system:node?x=#1' })).toBe(
      '/apis/rbac.authorization.k8s.io/v1/clusterroles/system%3Anode%3Fx%3D%231',
    )
  })

  it('never lead to where they should not, whatever the name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (name, namespace) => {
        let path: string
        try {
          path = objectPath(CONFIG_MAPS, { name, namespace })
        } catch (error) {
          expect(error).toMatchObject({ code: 'KISEKI_INVALID' })
          return
        }
        const parts = new URL(`http://h${path}`).pathname.split('/')
        expect(parts.slice(1).map(decodeURIComponent)).toEqual([
          'api',
          'v1',
          'namespaces',
          namespace,
          'configmaps',
          name,
        ])
      }),
    )
  })

  it.each(['', '.', '..', 'a/b', 'a%2fb', '\ud800'])('refuse the name %j', name => {
    expect(() => objectPath(NAMESPACES, { name })).toThrow(
      expect.objectContaining({ code: 'KISEKI_INVALID' }),
    )
  })

  it('need a namespace where objects have one', () => {
    expect(() => objectPath(PODS, { name: 'p' })).toThrow(
      'an empty namespace may not be set when a resource name is provided',
    )
    expect(() => creationPath(PODS)).toThrow('an empty namespace may not be set during creation')
    expect(creationPath(NAMESPACES)).toBe('/api/v1/namespaces')
  })
})

describe('the path to a port of a pod', () => {
  const pod = { namespace: 'n', name: 'p-1' }

  it('carries path and query', () => {
    expect(podProxyPath(pod, 15000, '/config_dump?a=../b')).toBe(
      '/api/v1/namespaces/n/pods/p-1:15000/proxy/config_dump?a=../b',
    )
    expect(podProxyPath(pod, 80, '/')).toBe('/api/v1/namespaces/n/pods/p-1:80/proxy/')
  })

  it.each([
    '/../../../secrets',
    '/a/%2e%2E/b',
    '/.%2e/b',
    '/a%2f..%2fb',
    '/..\\b',
    '/a%5c..%5cb',
    '/./a',
    'a',
    '',
    '/a b',
    '/é',
    '/a#b',
    '/a\r\nx: y',
  ])('refuses %j', path => {
    expect(() => podProxyPath(pod, 80, path)).toThrow(expect.objectContaining({ code: 'KISEKI_INVALID' }))
  })

  it('refuses ports and names that mean something else', () => {
    for (const port of [0, 65_536, 1.5, Number.NaN]) expect(() => podProxyPath(pod, port, '/')).toThrow()
    for (const name of ['https:p', 'p:80', '..', 'a/b', '']) {
      expect(() => podProxyPath({ namespace: 'n', name }, 80, '/')).toThrow()
    }
  })
})
