import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PolicyObject } from '../../model/kubernetes.ts'
import { serviceObject } from '../testing/kube-objects.ts'
import { checkDuration, checkRetryOn } from './checks.ts'
import { compilePolicies } from './mesh-policies.ts'

const service = (namespace: string, name: string) =>
  serviceObject({ namespace, name, selector: { app: name }, ports: [{ port: 80 }] })

const SERVICES = [service('shop', 'books'), service('shop', 'music'), service('store', 'books')]

function policy(kind: string, name: string, spec: unknown, namespace = 'shop'): PolicyObject {
  return { apiVersion: 'policy.openservicemesh.io/v1alpha1', kind, metadata: { name, namespace }, spec }
}

const setting = (name: string, spec: unknown, namespace?: string) =>
  policy('UpstreamTrafficSetting', name, spec, namespace)

const RETRY = {
  source: { kind: 'ServiceAccount', name: 'buyer', namespace: 'shop' },
  destinations: [{ kind: 'Service', name: 'books', namespace: 'store' }],
  retryPolicy: {
    retryOn: '5xx, reset',
    numRetries: 4,
    perTryTimeout: '250ms',
    retryBackoffBaseInterval: '1s',
  },
}

const compiled = (settings: readonly PolicyObject[], retries: readonly PolicyObject[] = []) =>
  compilePolicies({ services: SERVICES, upstreamTrafficSettings: settings, retries })

describe('an UpstreamTrafficSetting', () => {
  it('gives the clusters of its Service what it says', () => {
    const spec = {
      host: 'books.shop.svc.cluster.local',
      connectionSettings: {
        tcp: { maxConnections: 10, connectTimeout: '1.5s' },
        http: {
          maxRequests: 20,
          maxPendingRequests: 0,
          maxRetries: 2,
          maxRequestsPerConnection: 0,
          requestTimeout: '1m30s',
          circuitBreaking: { errorAmountThreshold: 5 },
        },
      },
      rateLimit: { local: { http: { requests: 1, unit: 'second' } } },
    }
    const policies = compiled([setting('a', spec)])
    expect(policies.verdicts.map(({ problem }) => problem)).toEqual([undefined])
    expect(policies.settingsOf('shop/books', 'any/one')).toEqual({
      connectMillis: 1500,
      requestMillis: 90_000,
      maxConnections: 10,
      maxPendingRequests: 0,
      maxRequests: 20,
      maxRetries: 2,
    })
    expect(policies.settingsOf('store/books', 'any/one')).toBeUndefined()
    expect(policies.settingsOf('shop/music', 'any/one')).toBeUndefined()
  })

  it('is taken under every name of its Service, in its own namespace only', () => {
    for (const host of ['books', 'Books.shop', 'books.shop.svc', 'books.shop.svc.cluster.local']) {
      expect(compiled([setting('a', { host })]).settingsOf('shop/books', 'any/one')).toEqual({})
    }
    const [foreign] = compiled([setting('a', { host: 'books.store' })]).verdicts
    expect(foreign?.problem).toBe('spec.host: no Service of namespace shop is called "books.store"')
  })

  it('that comes second for a Service has no effect, and says so', () => {
    const policies = compiled([
      setting('b', { host: 'books', connectionSettings: { tcp: { maxConnections: 2 } } }),
      setting('a', { host: 'books', connectionSettings: { tcp: { maxConnections: 1 } } }),
    ])
    expect(policies.settingsOf('shop/books', 'any/one')).toEqual({ maxConnections: 1 })
    expect(policies.verdicts.map(({ object, problem }) => [object.metadata.name, problem])).toEqual([
      ['a', undefined],
      ['b', 'spec.host: another UpstreamTrafficSetting is in force for shop/books'],
    ])
  })

  it.each([
    [{ tcp: { connectTimeout: '5' } }, 'spec.connectionSettings.tcp.connectTimeout must be a duration'],
    [
      { tcp: { maxConnections: 0 } },
      'spec.connectionSettings.tcp.maxConnections must be a whole number from 1',
    ],
    [
      { http: { maxRequests: 1.5 } },
      'spec.connectionSettings.http.maxRequests must be a whole number from 1',
    ],
    [{ http: [] }, 'spec.connectionSettings.http must be an object'],
  ])('that says %j has no effect, and says why', (connectionSettings, problem) => {
    const policies = compiled([setting('a', { host: 'books', connectionSettings })])
    expect(policies.verdicts[0]?.problem).toContain(problem)
    expect(policies.settingsOf('shop/books', 'any/one')).toBeUndefined()
  })
})

describe('a Retry', () => {
  it('holds for requests of its account to its Services, beside their settings', () => {
    const limit = setting('a', { host: 'books', connectionSettings: { tcp: { maxConnections: 1 } } }, 'store')
    const policies = compiled([limit], [policy('Retry', 'r', RETRY)])
    expect(policies.settingsOf('store/books', 'shop/buyer')).toEqual({
      maxConnections: 1,
      retry: { on: ['5xx', 'reset'], times: 4, perTryMillis: 250, backoffMillis: 1000 },
    })
    expect(policies.settingsOf('store/books', 'shop/other')).toEqual({ maxConnections: 1 })
    expect([policies.isSpecial('shop/buyer'), policies.isSpecial('shop/other')]).toEqual([true, false])
  })

  it.each([
    [{ ...RETRY, source: { ...RETRY.source, namespace: 'store' } }, 'spec.source.namespace: must be shop'],
    [{ ...RETRY, source: { ...RETRY.source, kind: 'Pod' } }, 'spec.source.kind must be ServiceAccount'],
    [{ ...RETRY, destinations: [{ kind: 'Service' }] }, 'spec.destinations[0].name must be there'],
    [
      { ...RETRY, retryPolicy: { ...RETRY.retryPolicy, retryOn: '5xx,retriable-headers' } },
      'spec.retryPolicy.retryOn must be one or more of 5xx',
    ],
  ])('that cannot be used says why: %#', (spec, problem) => {
    const policies = compiled([], [policy('Retry', 'r', spec)])
    expect(policies.verdicts[0]?.problem).toContain(problem)
    expect(policies.settingsOf('store/books', 'shop/buyer')).toBeUndefined()
  })
})

describe('checks', () => {
  it('read durations as Go writes them', () => {
    const read = (text: string) => {
      const checked = checkDuration(text)
      return 'value' in checked ? checked.value : 'refused'
    }
    expect(
      ['250ms', '1.5s', '1m30s', '1h', '2000us', '0.4ms', '', '5', '-1s', '1s5', '999h'].map(read),
    ).toEqual([
      250,
      1500,
      90_000,
      3_600_000,
      2,
      'refused',
      'refused',
      'refused',
      'refused',
      'refused',
      'refused',
    ])
  })

  it('take anything without failing', () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), (one, other) => {
        checkRetryOn(one)
        const policies = compiled([setting('a', one)], [policy('Retry', 'r', other)])
        expect(policies.verdicts).toHaveLength(2)
      }),
    )
  })
})
