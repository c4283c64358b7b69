import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { describeKubeClient } from '../kube/client.contract.ts'
import { createHttpKubeClient } from '../kube/http/http-client.ts'
import type { KubeEndpoint } from '../kube/kube-endpoint.ts'
import { loadKubeConfig } from '../kube/kubeconfig.ts'
import { CONFIG_MAPS, NAMESPACES, PODS } from '../kube/resources.ts'
import { type LocalCluster, startLocalCluster } from './cluster.ts'
import { SILENT } from './testing/silent-logger.ts'

/** As many as watchers may be behind. */
const REMEMBERED_WRITES = 5000

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kiseki-cluster-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const start = (): Promise<LocalCluster> =>
  startLocalCluster({
    stateDir: folder,
    name: 'test',
    logger: SILENT,
    resolveImage: () => undefined,
    stopMillis: 2000,
  })

const endpointOf = ({ kubeconfig }: LocalCluster): Promise<KubeEndpoint> =>
  loadKubeConfig({
    env: {},
    homeDir: homedir(),
    kubeconfigFlag: kubeconfig,
    readFile: path => readFile(path, 'utf8'),
  })

describeKubeClient('one machine, over TLS', async () => {
  const cluster = await start()
  const client = createHttpKubeClient(await endpointOf(cluster))
  return {
    client,
    async forgetEvents() {
      const { store } = cluster.machine
      for (let write = 0; write <= REMEMBERED_WRITES; write++)
        store.patch(NAMESPACES, { name: 'default' }, { metadata: { annotations: { write: String(write) } } })
    },
    async close() {
      await client.close()
      await cluster.stop()
    },
  }
})

describe('a cluster on this machine', () => {
  it('keeps its objects, its address and its credentials over a restart, and starts its pods anew', async () => {
    const first = await start()
    const endpoint = await endpointOf(first)
    const client = createHttpKubeClient(endpoint)
    await client.create(NAMESPACES, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } })
    const metadata = { name: 'kept', namespace: 'shop' }
    await client.create(CONFIG_MAPS, { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { a: '1' } })
    const containers = [{ name: 'a', image: 'x', command: ['sleep', '1000'] }]
    await client.create(PODS, { apiVersion: 'v1', kind: 'Pod', metadata, spec: { containers } })
    await expect.poll(() => phaseOf(first)).toBe('Running')
    await first.stop()

    const second = await start()
    expect(second.apiUrl).toBe(first.apiUrl)
    expect((await client.get(CONFIG_MAPS, metadata)).data).toEqual({ a: '1' })
    await expect.poll(() => phaseOf(second)).toBe('Running')
    await client.close()
    await second.stop()
  })

  it('keeps its secrets from others, and lets nobody in without a token', async () => {
    const cluster = await start()
    for (const file of [
      '.',
      'kubeconfig',
      'credentials/secrets.json',
      'credentials/authority.json',
      'journal.ndjson',
    ])
      expect((await stat(join(folder, file))).mode & 0o077, file).toBe(0)
    const endpoint = await endpointOf(cluster)
    const stranger = createHttpKubeClient({ ...endpoint, credentials: async () => ({ headers: {} }) })
    await expect(stranger.list(PODS)).rejects.toMatchObject({
      code: 'KISEKI_FORBIDDEN',
      reason: 'Unauthorized',
    })
    await stranger.close()
    await cluster.stop()
  })
})

async function phaseOf({ client }: LocalCluster): Promise<string | undefined> {
  return (await client.get(PODS, { name: 'kept', namespace: 'shop' })).status?.phase
}
