import { appendFile, mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { CONFIG_MAPS, NAMESPACES } from '../../kube/resources.ts'
import { createObjectStore, type ObjectStore } from '../store/object-store.ts'
import { SILENT } from '../testing/silent-logger.ts'
import { type Journal, openJournal } from './journal.ts'

let folder: string
let journal: Journal

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kiseki-journal-'))
})
afterEach(() => rm(folder, { recursive: true }))

const open = async (compactBytes?: number, waitingBytes?: number): Promise<ObjectStore> => {
  journal = await openJournal({
    folder,
    logger: SILENT,
    ...(compactBytes === undefined ? {} : { compactBytes }),
    ...(waitingBytes === undefined ? {} : { waitingBytes }),
  })
  const store = createObjectStore({
    now: () => 0,
    newUid: () => crypto.randomUUID(),
    random: Math.random,
    ...(journal.restored === undefined ? {} : { restored: journal.restored }),
  })
  journal.follow(store)
  return store
}
const namespace = 'shop'
const configMap = (name: string, data = {}) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace },
  data,
})
const fill = (store: ObjectStore) => {
  store.create(NAMESPACES, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } })
  for (const name of ['a', 'b', 'c']) store.create(CONFIG_MAPS, configMap(name))
  store.patch(CONFIG_MAPS, { namespace, name: 'a' }, { data: { k: 'v' } })
  store.remove(CONFIG_MAPS, { namespace, name: 'b' })
}
const contents = (store: ObjectStore) => [...store.all()].map(({ object }) => object)

it.each([
  ['a journal alone', undefined, undefined],
  ['snapshots', 1, undefined],
  ['a disk that is too slow', undefined, 10],
])('gives everything back in the next run, by %s', async (_, compactBytes, waitingBytes) => {
  const before = await open(compactBytes, waitingBytes)
  fill(before)
  await journal.close()
  const after = await open()
  expect(new Set(contents(after))).toEqual(new Set(contents(before)))
  expect(after.version).toBe(before.version)
  expect(after.create(CONFIG_MAPS, configMap('d')).metadata.resourceVersion).toBe(String(before.version + 1))
  await journal.close()
})

it('leaves out what a kill tore in the middle, and goes on after it', async () => {
  const before = await open()
  fill(before)
  await journal.close()
  await appendFile(join(folder, 'journal.ndjson'), '{"version":99,"type":"ADD')
  const after = await open()
  expect(new Set(contents(after))).toEqual(new Set(contents(before)))
  after.create(CONFIG_MAPS, configMap('late'))
  await journal.close()
  const last = await open()
  expect(last.find(CONFIG_MAPS, { namespace, name: 'late' })).toBeDefined()
  await journal.close()
})

it('stays short, and is for its owner alone', async () => {
  fill(await open())
  for (let run = 0; run < 10; run++) {
    await journal.close()
    const store = await open(1000)
    for (let change = 0; change < 20; change++)
      store.patch(CONFIG_MAPS, { namespace, name: 'a' }, { data: { k: `${run}.${change}` } })
  }
  await journal.close()
  const { size, mode } = await stat(join(folder, 'journal.ndjson'))
  expect(size).toBeLessThan(10_000)
  expect(mode & 0o077).toBe(0)
})
