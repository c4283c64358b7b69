import { describe, expect, it } from 'vitest'
import { CONFIG_MAPS, PODS, SECRETS } from '../../kube/resources.ts'
import type { Pod } from '../../model/kubernetes-pod.ts'
import { createLocalKubernetes } from '../kubernetes.ts'

const now = () => Date.parse('2026-01-02T03:04:05Z') * 1000
const metadata = { name: 'a', namespace: 'default' }
const pod = (containers: Pod['spec']['containers']): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata,
  spec: { containers },
})

describe('an update of a pod', () => {
  it('may change images and grace, and nothing else of its spec', () => {
    const { store } = createLocalKubernetes({ now })
    store.create(PODS, pod([{ name: 'a', image: 'i', command: ['x'] }]))
    store.patch(PODS, metadata, { spec: { terminationGracePeriodSeconds: 1 } })
    store.replace(PODS, pod([{ name: 'a', image: 'j', command: ['x'] }]))
    expect(() => store.replace(PODS, pod([{ name: 'a', image: 'j', command: ['y'] }]))).toThrow(
      'Pod "a" is invalid: spec: Forbidden: pod updates may not change fields other than',
    )
  })

  it('goes well for pods of a former run, whose defaults were fewer', () => {
    const object = pod([{ name: 'a', image: 'i', readinessProbe: { grpc: { port: 1 } } }])
    const { store } = createLocalKubernetes({
      now,
      restored: { version: 7, objects: [{ resource: PODS, object }] },
    })
    const status = { phase: 'Running' }
    expect(store.patch(PODS, metadata, { status }, { subresource: 'status' }).status).toEqual(status)
    store.patch(PODS, metadata, { metadata: { labels: { a: 'b' } } })
    store.patch(PODS, metadata, { spec: { terminationGracePeriodSeconds: 1 } })
  })
})

describe('what ConfigMaps and Secrets hold', () => {
  it('has keys that can be names of files', () => {
    const { store } = createLocalKubernetes({ now })
    for (const key of ['../x', '..', '..x', 'a/b', '', 'a b', 'x'.repeat(254)]) {
      const data = { [key]: '' }
      const map = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data }
      expect(() => store.create(CONFIG_MAPS, map), key).toThrow(`ConfigMap "a" is invalid: data[${key}]`)
      const secret = { apiVersion: 'v1', kind: 'Secret', metadata, data }
      expect(() => store.create(SECRETS, secret), key).toThrow(`Secret "a" is invalid: data[${key}]`)
    }
  })
})
