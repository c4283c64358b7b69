import { describe, expect, it } from 'vitest'
import type { ConfigMap, Secret } from '../../model/kubernetes.ts'
import type { Container, EnvVarSource, Pod } from '../../model/kubernetes-pod.ts'
import { quantityInMilli } from './quantity.ts'
import { sourcedValue, type VariableScope, variablesFrom } from './variable-sources.ts'

const metadata = { name: 'x', namespace: 'mall' }
const settings: ConfigMap = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata,
  data: { COLOUR: 'red', 'a=b': 'none', ['__proto__']: 'plain' },
}
const password: Secret = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata,
  data: { key: Buffer.from('s3crët').toString('base64') },
}
const pod: Pod = { apiVersion: 'v1', kind: 'Pod', metadata, spec: { containers: [] } }

function scope(container: Partial<Container> = {}): VariableScope {
  return {
    pod,
    container: { name: 'app', image: 'i', ...container },
    podIP: '127.64.0.3',
    config: { configMaps: new Map([['settings', settings]]), secrets: new Map([['password', password]]) },
    machine: { cpu: '2', memory: '4096000000' },
  }
}

const value = (valueFrom: EnvVarSource, container: Partial<Container> = {}) =>
  sourcedValue({ name: 'A', valueFrom }, scope(container))

describe('variables of ConfigMaps and Secrets', () => {
  it('are single keys', () => {
    expect(value({ configMapKeyRef: { name: 'settings', key: 'COLOUR' } })).toBe('red')
    expect(value({ secretKeyRef: { name: 'password', key: 'key' } })).toBe('s3crët')
  })

  it('say what is missing as the kubelet does, unless they are optional', () => {
    expect(() => value({ configMapKeyRef: { name: 'none', key: 'k' } })).toThrow('configmap "none" not found')
    expect(() => value({ secretKeyRef: { name: 'none', key: 'k' } })).toThrow('secret "none" not found')
    expect(() => value({ configMapKeyRef: { name: 'settings', key: 'constructor' } })).toThrow(
      "couldn't find key constructor in ConfigMap mall/settings",
    )
    expect(() => value({ secretKeyRef: { name: 'password', key: 'k' } })).toThrow(
      "couldn't find key k in Secret mall/password",
    )
    for (const name of ['none', 'settings'])
      expect(value({ configMapKeyRef: { name, key: 'k', optional: true } })).toBeUndefined()
  })

  it('are all keys, with a prefix; the later one wins', () => {
    const envFrom = [
      { configMapRef: { name: 'settings' } },
      { prefix: 'S_', secretRef: { name: 'password' } },
      { configMapRef: { name: 'none', optional: true } },
    ]
    expect([...variablesFrom(scope({ envFrom }))]).toEqual([
      ['COLOUR', 'red'],
      ['__proto__', 'plain'],
      ['S_key', 's3crët'],
    ])
    expect(() => variablesFrom(scope({ envFrom: [{ secretRef: { name: 'none' } }] }))).toThrow(
      'secret "none" not found',
    )
  })
})

describe('variables of resources', () => {
  const resources = { limits: { cpu: '1500m', memory: '64Mi' }, requests: { cpu: '100m' } }
  it.each([
    [{ resource: 'limits.cpu' }, '2'],
    [{ resource: 'limits.cpu', divisor: '1m' }, '1500'],
    [{ resource: 'requests.cpu', divisor: '1m' }, '100'],
    [{ resource: 'limits.memory' }, '67108864'],
    [{ resource: 'limits.memory', divisor: '1Mi' }, '64'],
    [{ resource: 'limits.memory', divisor: '0' }, '67108864'],
    [{ resource: 'limits.memory', divisor: '1M' }, '68'],
    [{ resource: 'requests.memory' }, '0'],
  ])('%j is %s', (resourceFieldRef, expected) => {
    expect(value({ resourceFieldRef }, { resources })).toBe(expected)
  })

  it('without a limit are those of the machine', () => {
    expect(value({ resourceFieldRef: { resource: 'limits.cpu' } })).toBe('2')
    expect(value({ resourceFieldRef: { resource: 'limits.memory' } })).toBe('4096000000')
  })

  it('must be known', () => {
    expect(() => value({ resourceFieldRef: { resource: 'limits.luck' } })).toThrow(
      'unsupported container resource : limits.luck',
    )
  })
})

describe('a quantity', () => {
  it.each([
    ['1', 1000n],
    ['0.5', 500n],
    ['.25', 250n],
    ['100m', 100n],
    ['1n', 1n],
    ['1k', 1_000_000n],
    ['1Ki', 1_024_000n],
    ['2e3', 2_000_000n],
    ['5E', 5_000_000_000_000_000_000_000n],
    ['', undefined],
    ['1 Gi', undefined],
    ['-1', undefined],
    [2, 2000n],
  ])('%j has %s thousandths', (text, milli) => {
    expect(quantityInMilli(text)).toBe(milli)
  })
})
