import { describe, expect, it } from 'vitest'
import { CONFIG_MAPS, EVENTS, NAMESPACES, PODS, SERVICES } from '../../kube/resources.ts'
import type { ConfigMap, Service } from '../../model/kubernetes.ts'
import type { Pod } from '../../model/kubernetes-pod.ts'
import { createLocalKubernetes } from '../kubernetes.ts'

const NOW = Date.parse('2026-01-02T03:04:05Z') * 1000
const kubernetes = () => createLocalKubernetes({ now: () => NOW })
const namespace = 'default'
const turn = () => new Promise(resolve => setImmediate(resolve))

function pod(name: string, extra: Partial<Pod['metadata']> = {}): Pod {
  const containers = [{ name: 'a', image: 'i' }]
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace, ...extra }, spec: { containers } }
}

function configMap(name: string): ConfigMap {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace } }
}

describe('the object store', () => {
  it('gives objects that nobody can change', () => {
    const { store } = kubernetes()
    const created = store.create(PODS, pod('p'))
    expect(() => Object.assign(created.metadata, { name: 'q' })).toThrow(TypeError)
    expect(() => Object.assign(created.spec.containers, { length: 0 })).toThrow(TypeError)
  })

  it('writes times as Kubernetes does', () => {
    const { store } = kubernetes()
    expect(store.create(CONFIG_MAPS, configMap('c')).metadata.creationTimestamp).toBe('2026-01-02T03:04:05Z')
  })

  it('gives a pod its grace period, that may only be shortened', () => {
    const { store } = kubernetes()
    store.create(PODS, pod('p'))
    store.remove(PODS, { namespace, name: 'p' })
    const { metadata } = store.get(PODS, { namespace, name: 'p' })
    expect(metadata.deletionGracePeriodSeconds).toBe(30)
    expect(metadata.deletionTimestamp).toBe('2026-01-02T03:04:35Z')
    store.remove(PODS, { namespace, name: 'p' }, { gracePeriodSeconds: 60 })
    expect(store.get(PODS, { namespace, name: 'p' }).metadata).toEqual(metadata)
    expect(store.remove(PODS, { namespace, name: 'p' }, { gracePeriodSeconds: 0 })).toBeUndefined()
    expect(store.find(PODS, { namespace, name: 'p' })).toBeUndefined()
  })

  it('keeps a pod whose finalizer outlives its grace period', () => {
    const { store } = kubernetes()
    store.create(PODS, pod('p', { finalizers: ['example.test/hold'] }))
    store.remove(PODS, { namespace, name: 'p' }, { gracePeriodSeconds: 0 })
    expect(store.find(PODS, { namespace, name: 'p' })).toBeDefined()
    store.patch(PODS, { namespace, name: 'p' }, { metadata: { finalizers: [] } })
    expect(store.find(PODS, { namespace, name: 'p' })).toBeUndefined()
  })

  it('keeps what has one owner left, and removes what comes after its owner went', async () => {
    const { store } = kubernetes()
    const owners = ['one', 'other'].map(name => store.create(CONFIG_MAPS, configMap(name)))
    const ownerReferences = owners.map(owner => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      name: owner.metadata.name,
      uid: owner.metadata.uid ?? '',
    }))
    const owned = (name: string) => ({ ...configMap(name), metadata: { name, namespace, ownerReferences } })
    store.create(CONFIG_MAPS, owned('early'))
    store.remove(CONFIG_MAPS, { namespace, name: 'one' })
    await turn()
    expect(store.find(CONFIG_MAPS, { namespace, name: 'early' })).toBeDefined()
    store.remove(CONFIG_MAPS, { namespace, name: 'other' })
    await turn()
    expect(store.find(CONFIG_MAPS, { namespace, name: 'early' })).toBeUndefined()
    store.create(CONFIG_MAPS, owned('late'))
    await turn()
    expect(store.find(CONFIG_MAPS, { namespace, name: 'late' })).toBeUndefined()
  })

  it('removes what an object owns before it, after it, or lets it stay', async () => {
    const { store } = kubernetes()
    const build = (name: string) => {
      const { uid = '' } = store.create(CONFIG_MAPS, configMap(name)).metadata
      const ownerReferences = [{ apiVersion: 'v1', kind: 'ConfigMap', name, uid }]
      const metadata = { ownerReferences, finalizers: ['example.test/hold'] }
      store.create(CONFIG_MAPS, {
        ...configMap(`${name}-owned`),
        metadata: { ...metadata, name: `${name}-owned`, namespace },
      })
    }
    const find = (name: string) => store.find(CONFIG_MAPS, { namespace, name })
    const letGo = (name: string) =>
      store.patch(CONFIG_MAPS, { namespace, name }, { metadata: { finalizers: [] } })

    build('before')
    store.remove(CONFIG_MAPS, { namespace, name: 'before' }, { propagation: 'Foreground' })
    await turn()
    expect(find('before-owned')?.metadata.deletionTimestamp).toBeDefined()
    expect(find('before')).toBeDefined()
    letGo('before-owned')
    await turn()
    expect(find('before')).toBeUndefined()

    build('after')
    store.remove(CONFIG_MAPS, { namespace, name: 'after' })
    expect(find('after')).toBeUndefined()
    await turn()
    expect(find('after-owned')?.metadata.deletionTimestamp).toBeDefined()

    build('without')
    store.remove(CONFIG_MAPS, { namespace, name: 'without' }, { propagation: 'Orphan' })
    await turn()
    expect(find('without')).toBeUndefined()
    expect(find('without-owned')?.metadata.ownerReferences).toBeUndefined()
    expect(find('without-owned')?.metadata.deletionTimestamp).toBeUndefined()
  })

  it('holds a namespace until its last pod has ended, and lets nothing new in', async () => {
    const { store } = kubernetes()
    store.create(NAMESPACES, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } })
    store.create(PODS, pod('p', { namespace: 'shop' }))
    store.remove(NAMESPACES, { name: 'shop' })
    await turn()
    expect(store.get(NAMESPACES, { name: 'shop' }).status?.phase).toBe('Terminating')
    expect(store.get(PODS, { namespace: 'shop', name: 'p' }).metadata.deletionTimestamp).toBeDefined()
    expect(() => store.create(PODS, pod('q', { namespace: 'shop' }))).toThrow('being terminated')
    store.remove(PODS, { namespace: 'shop', name: 'p' }, { gracePeriodSeconds: 0 })
    await turn()
    expect(store.find(NAMESPACES, { name: 'shop' })).toBeUndefined()
  })

  it('replaces objects, but only those of the version that is named', () => {
    const { store } = kubernetes()
    const first = store.create(CONFIG_MAPS, { ...configMap('c'), data: { a: '1' } })
    const second = store.replace(CONFIG_MAPS, { ...first, data: { b: '2' } })
    expect(second).toMatchObject({ data: { b: '2' }, metadata: { uid: first.metadata.uid } })
    expect(() => store.replace(CONFIG_MAPS, first)).toThrow('the object has been modified')
  })

  it.each([
    [{ metadata: null }, 'metadata: Required value'],
    [{ metadata: { name: 'other' } }, 'metadata.name: field is immutable'],
    [{ kind: 'Secret' }, 'kind: must be "ConfigMap"'],
    [{ metadata: { labels: { version: 1 } } }, 'metadata.labels.version: Invalid value: 1'],
  ])('refuses the patch %j', (patch, message) => {
    const { store } = kubernetes()
    store.create(CONFIG_MAPS, configMap('c'))
    expect(() => store.patch(CONFIG_MAPS, { namespace, name: 'c' }, patch)).toThrow(message)
  })

  it('does not watch from a version that is yet to come', async () => {
    const { store } = kubernetes()
    const { signal } = new AbortController()
    const watch = store.watch(EVENTS, { resourceVersion: '999999', signal })[Symbol.asyncIterator]()
    await expect(watch.next()).rejects.toMatchObject({ code: 'KISEKI_GONE' })
  })
})

describe('the admission of one machine', () => {
  it('gives every Service an address of its own, that stays', () => {
    const { store } = kubernetes()
    const service = (name: string, spec: Service['spec'] = { ports: [{ port: 1 }] }): Service => ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace },
      spec,
    })
    const [one, two, headless] = [
      store.create(SERVICES, service('one')),
      store.create(SERVICES, service('two')),
      store.create(SERVICES, service('headless', { clusterIP: 'None' })),
    ].map(({ spec }) => spec.clusterIP)
    expect(one).toMatch(/^127\.96\.\d+\.\d+$/)
    expect(two).not.toBe(one)
    expect(headless).toBe('None')
    const patched = store.patch(
      SERVICES,
      { namespace, name: 'one' },
      { spec: { clusterIP: null, ports: [{ port: 2 }] } },
    )
    expect(patched.spec.clusterIP).toBe(one)
  })

  it('refuses pods that cannot be run, with the field', () => {
    const { store } = kubernetes()
    const withContainers = (containers: unknown): Pod =>
      JSON.parse(JSON.stringify({ ...pod('p'), spec: { containers } }))
    for (const [containers, message] of [
      [[], 'spec.containers: Required value'],
      [[{ image: 'i' }], 'spec.containers[0].name: Required value'],
      [[{ name: 'a' }], 'spec.containers[0].image: Required value'],
      [[{ name: 'a', image: 'i', ports: [{ containerPort: 0 }] }], 'must be between 1 and 65535'],
      [
        [
          { name: 'a', image: 'i' },
          { name: 'a', image: 'i' },
        ],
        'Duplicate value: "a"',
      ],
    ] as const) {
      expect(() => store.create(PODS, withContainers(containers))).toThrow(message)
    }
  })
})
