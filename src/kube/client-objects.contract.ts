import { beforeEach, describe, expect, it } from 'vitest'
import type { Deployment } from '../model/kubernetes-workload.ts'
import type { KubeClient } from './client.ts'
import { type ContractWorld, refused } from './client-world.contract.ts'
import { CONFIG_MAPS, DEPLOYMENTS } from './resources.ts'

export function describeObjects(current: () => ContractWorld): void {
  let world: ContractWorld
  let client: KubeClient
  let namespace: string
  beforeEach(() => {
    world = current()
    client = world.client
    namespace = world.namespace
  })

  const listed = async (options: Parameters<KubeClient['list']>[1]) =>
    (await client.list(CONFIG_MAPS, options)).items.map(item => item.metadata.name)

  describe('objects', () => {
    it('are created with uid, version and time, and got as they were created', async () => {
      const created = await world.create('one', { data: { a: '1' } })
      expect(created.metadata.uid).toMatch(/^[0-9a-f-]{36}$/)
      expect(created.metadata.resourceVersion).toMatch(/^\d+$/)
      expect(Date.parse(created.metadata.creationTimestamp ?? '')).not.toBeNaN()
      expect(created).toMatchObject({ apiVersion: 'v1', kind: 'ConfigMap', data: { a: '1' } })
      expect(await client.get(CONFIG_MAPS, world.at('one'))).toEqual(created)
    })

    it('are not created twice', async () => {
      await world.create('one')
      await refused(world.create('one'), 'KISEKI_ALREADY_EXISTS')
    })

    it('are not created in a namespace that is not there', async () => {
      const elsewhere = {
        ...world.configMap('one'),
        metadata: { name: 'one', namespace: `${namespace}-absent` },
      }
      await refused(client.create(CONFIG_MAPS, elsewhere), 'KISEKI_NOT_FOUND')
    })

    it('are refused with a name that no object may have', async () => {
      await refused(world.create('Not A Name'), 'KISEKI_INVALID')
    })

    it('take a name of their own from generateName', async () => {
      const nameless = { ...world.configMap(''), metadata: { name: '', generateName: 'some-', namespace } }
      const [one, other] = await Promise.all([
        client.create(CONFIG_MAPS, nameless),
        client.create(CONFIG_MAPS, nameless),
      ])
      expect(one.metadata.name).toMatch(/^some-.{5}$/)
      expect(one.metadata.name).not.toBe(other.metadata.name)
    })

    it('that are absent are not found, whatever is asked', async () => {
      await refused(client.get(CONFIG_MAPS, world.at('none')), 'KISEKI_NOT_FOUND')
      await refused(client.patch(CONFIG_MAPS, world.at('none'), { data: {} }), 'KISEKI_NOT_FOUND')
      await refused(client.remove(CONFIG_MAPS, world.at('none')), 'KISEKI_NOT_FOUND')
    })

    it('are listed by namespace and by labels', async () => {
      const labels = { suite: namespace }
      await world.create('red', { metadata: { name: '', labels: { ...labels, colour: 'red' } } })
      await world.create('blue', { metadata: { name: '', labels: { ...labels, colour: 'blue' } } })
      expect(await listed({ namespace, labels })).toEqual(['blue', 'red'])
      expect(await listed({ namespace, labels: { ...labels, colour: 'red' } })).toEqual(['red'])
      expect(await listed({ labels })).toEqual(['blue', 'red'])
      expect(await listed({ namespace: 'default', labels })).toEqual([])
    })

    it('that were returned never change', async () => {
      const created = await world.create('one', { data: { a: '1' } })
      const before = structuredClone(created)
      await client.patch(CONFIG_MAPS, world.at('one'), { data: { a: '2' } })
      expect(created).toEqual(before)
    })
  })

  describe('a merge patch', () => {
    it('merges objects, deletes with null and replaces lists', async () => {
      await world.create('one', {
        metadata: { name: '', annotations: { keep: 'k', drop: 'd' } },
        data: { a: '1', b: '2' },
      })
      const patched = await client.patch(CONFIG_MAPS, world.at('one'), {
        metadata: { annotations: { drop: null, add: 'a' } },
        data: { b: null, c: '3' },
      })
      expect(patched.metadata.annotations).toEqual({ keep: 'k', add: 'a' })
      expect(patched.data).toEqual({ a: '1', c: '3' })
    })

    it('gives a new version, and none when it changes nothing', async () => {
      const created = await world.create('one', { data: { a: '1' } })
      const same = await client.patch(CONFIG_MAPS, world.at('one'), { data: { a: '1' } })
      expect(same.metadata.resourceVersion).toBe(created.metadata.resourceVersion)
      const changed = await client.patch(CONFIG_MAPS, world.at('one'), { data: { a: '2' } })
      expect(changed.metadata.resourceVersion).not.toBe(created.metadata.resourceVersion)
    })

    it('that names an old version is a conflict, and one that names another uid is refused', async () => {
      const { metadata } = await world.create('one', { data: { a: '1' } })
      const { resourceVersion } = metadata
      const second = { metadata: { resourceVersion }, data: { a: '2' } }
      const changed = await client.patch(CONFIG_MAPS, world.at('one'), second)
      expect(changed.data).toEqual({ a: '2' })
      await refused(
        client.patch(CONFIG_MAPS, world.at('one'), { ...second, data: { a: '3' } }),
        'KISEKI_CONFLICT',
      )
      const uid = '00000000-0000-4000-8000-000000000000'
      await refused(
        client.patch(CONFIG_MAPS, world.at('one'), { metadata: { uid }, data: { a: '3' } }),
        'KISEKI_INVALID',
      )
    })
  })

  describe('spec and status', () => {
    const deployment = (): Deployment & { status: object } => ({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'shop', namespace },
      spec: {
        replicas: 0,
        selector: { matchLabels: { app: 'shop' } },
        template: {
          metadata: { labels: { app: 'shop' } },
          spec: { containers: [{ name: 'shop', image: 'example.test/shop' }] },
        },
      },
      status: { replicas: 7, readyReplicas: 7, updatedReplicas: 7, availableReplicas: 7 },
    })
    const condition = { type: 'Suite', status: 'True', reason: 'Tried', message: 'it was tried' }

    it('are changed apart from one another', async () => {
      const created = await client.create(DEPLOYMENTS, deployment())
      expect(created.status?.readyReplicas ?? 0).toBe(0)
      const both = { metadata: { labels: { a: 'b' } }, status: { conditions: [condition] } }
      const unmoved = await client.patch(DEPLOYMENTS, world.at('shop'), both)
      expect(unmoved.metadata.labels).toEqual({ a: 'b' })
      expect(unmoved.status?.conditions ?? []).not.toContainEqual(expect.objectContaining(condition))

      const specAndStatus = { spec: { replicas: 5 }, status: { conditions: [condition] } }
      const reported = await client.patch(DEPLOYMENTS, world.at('shop'), specAndStatus, {
        subresource: 'status',
      })
      expect(reported.spec.replicas).toBe(0)
      expect(reported.status?.conditions).toContainEqual(expect.objectContaining(condition))
    })

    it('count generations of the spec alone', async () => {
      const created = await client.create(DEPLOYMENTS, deployment())
      expect(created.metadata.generation).toBe(1)
      await client.patch(DEPLOYMENTS, world.at('shop'), { metadata: { labels: { a: 'b' } } })
      const status = { status: { conditions: [condition] } }
      await client.patch(DEPLOYMENTS, world.at('shop'), status, { subresource: 'status' })
      const same = await client.get(DEPLOYMENTS, world.at('shop'))
      expect(same.metadata.generation).toBe(1)
      const grown = await client.patch(DEPLOYMENTS, world.at('shop'), { spec: { revisionHistoryLimit: 3 } })
      expect(grown.metadata.generation).toBe(2)
    })
  })
}
