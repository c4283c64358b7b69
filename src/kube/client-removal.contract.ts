import { beforeEach, describe, expect, it } from 'vitest'
import type { KubeClient } from './client.ts'
import { type ContractWorld, refused } from './client-world.contract.ts'
import { CONFIG_MAPS, NAMESPACES } from './resources.ts'

export function describeRemoval(current: () => ContractWorld): void {
  let world: ContractWorld
  let client: KubeClient
  let namespace: string
  beforeEach(() => {
    world = current()
    client = world.client
    namespace = world.namespace
  })

  describe('removal', () => {
    it('is at once where nothing holds the object', async () => {
      await world.create('one')
      await client.remove(CONFIG_MAPS, world.at('one'))
      await refused(client.get(CONFIG_MAPS, world.at('one')), 'KISEKI_NOT_FOUND')
    })

    it('waits for finalizers', async () => {
      await world.create('one', { metadata: { name: '', finalizers: ['example.test/hold'] } })
      await client.remove(CONFIG_MAPS, world.at('one'))
      const held = await client.get(CONFIG_MAPS, world.at('one'))
      expect(held.metadata.deletionTimestamp).toBeDefined()
      await client.patch(CONFIG_MAPS, world.at('one'), { metadata: { finalizers: null } })
      await refused(client.get(CONFIG_MAPS, world.at('one')), 'KISEKI_NOT_FOUND')
    })

    it('refuses another object of the same name', async () => {
      await world.create('one')
      const uid = '00000000-0000-4000-8000-000000000000'
      await refused(client.remove(CONFIG_MAPS, world.at('one'), { uid }), 'KISEKI_CONFLICT')
      expect((await client.get(CONFIG_MAPS, world.at('one'))).metadata.deletionTimestamp).toBeUndefined()
    })

    it('takes along what is owned', async () => {
      const { uid } = await client.create(CONFIG_MAPS, world.configMap('owner')).then(made => made.metadata)
      const owner = { apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid: uid ?? '' }
      await world.create('owned', { metadata: { name: '', ownerReferences: [owner] } })
      const gone = deletionOf(client, 'owned')
      await client.remove(CONFIG_MAPS, world.at('owner'))
      await gone
    })

    it('takes a namespace with all that is in it', async () => {
      await world.create('one', { metadata: { name: '', labels: { suite: namespace } } })
      const gone = deletionOf(client, 'one')
      await client.remove(NAMESPACES, { name: namespace })
      await gone
    })

    async function deletionOf(watching: KubeClient, objectName: string): Promise<void> {
      const { resourceVersion } = await watching.list(CONFIG_MAPS, { namespace })
      const ended = new AbortController()
      const options = { namespace, resourceVersion, signal: ended.signal }
      for await (const event of watching.watch(CONFIG_MAPS, options)) {
        if (event.type === 'DELETED' && event.object.metadata.name === objectName) ended.abort()
      }
    }
  })
}
