import { afterEach, describe, expect, it } from 'vitest'
import { KisekiError } from '../model/errors.ts'
import type { ConfigMap } from '../model/kubernetes.ts'
import type { KubeClient, WatchEvent } from './client.ts'
import { createInformer, type Informer } from './informer.ts'
import { CONFIG_MAPS } from './resources.ts'

const object = (name: string, version: number, uid = name): ConfigMap => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'n', uid, resourceVersion: String(version), labels: { app: name } },
})

type Watched = readonly WatchEvent<ConfigMap>[] | KisekiError | 'open'

/** Answers lists and watches by a script; what the script does not say fails. */
function scripted(script: { lists: (readonly ConfigMap[] | Error)[]; watches: Watched[] }) {
  const asked: string[] = []
  const client: Partial<KubeClient> = {
    async list<T>() {
      const next = script.lists.shift() ?? new Error('no more lists')
      asked.push('list')
      if (next instanceof Error) throw next
      return { resourceVersion: '10', items: next as readonly unknown[] as readonly T[] }
    },
    async *watch<T>(
      _: unknown,
      { resourceVersion, signal }: { resourceVersion: string; signal: AbortSignal },
    ) {
      asked.push(`watch ${resourceVersion}`)
      const next = script.watches.shift() ?? 'open'
      if (next instanceof Error) throw next
      if (next !== 'open') return yield* next as readonly unknown[] as readonly WatchEvent<T>[]
      if (!signal.aborted) await new Promise(resolve => signal.addEventListener('abort', resolve))
    },
  }
  return { client: client as KubeClient, asked }
}

const gone = new KisekiError('KISEKI_GONE', 'too old')
let informer: Informer<ConfigMap> | undefined
afterEach(() => informer?.close())

/** Runs the script until the informer has told as many changes. */
async function changes(client: KubeClient, count: number): Promise<readonly string[]> {
  const told: string[] = []
  const enough = Promise.withResolvers<void>()
  informer = createInformer(client, CONFIG_MAPS, { retry: { firstMillis: 1, mostMillis: 2 } })
  informer.onChange(({ type, object: { metadata } }) => {
    told.push(`${type} ${metadata.uid}`)
    if (told.length === count) enough.resolve()
  })
  await enough.promise
  return told
}

describe('an informer', () => {
  it('tells of what is listed and what is watched, and keeps the last of it', async () => {
    const { client } = scripted({
      lists: [[object('a', 1), object('b', 2)]],
      watches: [
        [
          { type: 'MODIFIED', object: object('a', 11) },
          { type: 'DELETED', object: object('b', 12) },
          { type: 'ADDED', object: object('c', 13) },
        ],
      ],
    })
    expect(await changes(client, 5)).toEqual(['ADDED a', 'ADDED b', 'MODIFIED a', 'DELETED b', 'ADDED c'])
    expect(informer?.get({ namespace: 'n', name: 'a' })?.metadata.resourceVersion).toBe('11')
    expect(informer?.list({ labels: { app: 'c' } })).toEqual([object('c', 13)])
    expect(informer?.list({ namespace: 'other' })).toEqual([])
  })

  it('lists again when the server has forgotten, and tells the difference', async () => {
    const { client, asked } = scripted({
      lists: [
        [object('a', 1), object('b', 2), object('same', 3)],
        [object('b', 20), object('c', 21), object('same', 3)],
      ],
      watches: [gone],
    })
    const told = ['ADDED a', 'ADDED b', 'ADDED same', 'DELETED a', 'MODIFIED b', 'ADDED c']
    expect(await changes(client, 6)).toEqual(told)
    expect(asked.slice(0, 3)).toEqual(['list', 'watch 10', 'list'])
  })

  it('goes on from the last event when the server ends a watch', async () => {
    const { client, asked } = scripted({
      lists: [[]],
      watches: [[{ type: 'ADDED', object: object('a', 15) }], [{ type: 'ADDED', object: object('b', 16) }]],
    })
    await changes(client, 2)
    expect(asked.slice(0, 3)).toEqual(['list', 'watch 10', 'watch 15'])
  })

  it('tells of the end of an object that another one has replaced unseen', async () => {
    const { client } = scripted({
      lists: [[object('a', 1, 'first')], [object('a', 9, 'second')]],
      watches: [gone],
    })
    expect(await changes(client, 3)).toEqual(['ADDED first', 'DELETED first', 'ADDED second'])
  })

  it('tries again when the server fails', async () => {
    const { client, asked } = scripted({
      lists: [new Error('refused'), new Error('refused'), [object('a', 1)]],
      watches: [],
    })
    expect(await changes(client, 1)).toEqual(['ADDED a'])
    expect(asked.filter(call => call === 'list')).toHaveLength(3)
  })

  it('is not stopped by a listener that fails', async () => {
    const { client } = scripted({ lists: [[object('a', 1), object('b', 2)]], watches: [] })
    informer = createInformer(client, CONFIG_MAPS)
    const told: string[] = []
    informer.onChange(() => {
      throw new Error('mine')
    })
    informer.onChange(change => told.push(change.object.metadata.name))
    await informer.synced
    expect(told).toEqual(['a', 'b'])
  })

  it('calls nobody after it is closed', async () => {
    const { client } = scripted({ lists: [[object('a', 1)]], watches: [] })
    informer = createInformer(client, CONFIG_MAPS)
    const told: string[] = []
    informer.onChange(change => told.push(change.object.metadata.name))
    await informer.close()
    await informer.synced
    expect(told).toEqual([])
  })
})
