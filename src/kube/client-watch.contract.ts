import { beforeEach, describe, expect, it } from 'vitest'
import type { KubeClient, WatchEvent, WatchOptions } from './client.ts'
import { type ContractWorld, createNamespace, refused } from './client-world.contract.ts'
import { CONFIG_MAPS, NAMESPACES } from './resources.ts'

export function describeWatch(current: () => ContractWorld): void {
  let world: ContractWorld
  let client: KubeClient
  let namespace: string
  beforeEach(() => {
    world = current()
    client = world.client
    namespace = world.namespace
  })

  describe('a watch', () => {
    const take = (count: number, options: Partial<WatchOptions>) => takeEvents(client, count, options)

    it('goes on where a list ended, and tells everything in order', async () => {
      await world.create('before')
      const { resourceVersion } = await client.list(CONFIG_MAPS, { namespace })
      const events = take(3, { namespace, resourceVersion })
      await world.create('after')
      await client.patch(CONFIG_MAPS, world.at('after'), { data: { a: '1' } })
      await client.remove(CONFIG_MAPS, world.at('after'))
      expect(await events).toEqual(['ADDED after', 'MODIFIED after', 'DELETED after'])
    })

    it('tells what happened between the list and its beginning', async () => {
      const { resourceVersion } = await client.list(CONFIG_MAPS, { namespace })
      await world.create('one')
      expect(await take(1, { namespace, resourceVersion })).toEqual(['ADDED one'])
    })

    it('tells nothing of other namespaces', async () => {
      const other = await createNamespace(client)
      const { resourceVersion } = await client.list(CONFIG_MAPS)
      await client.create(CONFIG_MAPS, {
        ...world.configMap('there'),
        metadata: { name: 'there', namespace: other },
      })
      await world.create('here')
      expect(await take(1, { namespace, resourceVersion })).toEqual(['ADDED here'])
      await client.remove(NAMESPACES, { name: other })
    })

    it('sees objects come and go when their labels change', async () => {
      await world.create('one', { metadata: { name: '', labels: { colour: 'red' } } })
      const { resourceVersion } = await client.list(CONFIG_MAPS, { namespace })
      for (const colour of ['blue', 'green', 'blue']) {
        await client.patch(CONFIG_MAPS, world.at('one'), { metadata: { labels: { colour } } })
      }
      await client.patch(CONFIG_MAPS, world.at('one'), { data: { a: '1' } })
      const labels = { colour: 'blue' }
      const seen = await take(4, { namespace, labels, resourceVersion })
      expect(seen).toEqual(['ADDED one', 'DELETED one', 'ADDED one', 'MODIFIED one'])
    })

    it('ends quietly when it is aborted', async () => {
      const { resourceVersion } = await client.list(CONFIG_MAPS, { namespace })
      const ended = new AbortController()
      const events = collect(client.watch(CONFIG_MAPS, { namespace, resourceVersion, signal: ended.signal }))
      ended.abort()
      expect(await events).toEqual([])
    })

    it('says so when it cannot go on', async ({ skip }) => {
      if (world.kube.forgetEvents === undefined) skip('this server cannot be made to forget')
      const { resourceVersion } = await client.list(CONFIG_MAPS, { namespace })
      await world.kube.forgetEvents?.()
      await refused(take(1, { namespace, resourceVersion }), 'KISEKI_GONE')
    })
  })
}

/** `ADDED name`, as many as asked for; names that a cluster makes by itself are left out. */
async function takeEvents(
  client: KubeClient,
  count: number,
  options: Partial<WatchOptions>,
): Promise<readonly string[]> {
  const ended = new AbortController()
  const taken: string[] = []
  for await (const { type, object } of client.watch(CONFIG_MAPS, {
    resourceVersion: '',
    ...options,
    signal: ended.signal,
  })) {
    if (object.metadata.name.startsWith('kube-')) continue
    taken.push(`${type} ${object.metadata.name}`)
    if (taken.length === count) ended.abort()
  }
  return taken
}

async function collect<T>(events: AsyncIterable<WatchEvent<T>>): Promise<readonly WatchEvent<T>[]> {
  const all: WatchEvent<T>[] = []
  for await (const event of events) all.push(event)
  return all
}
