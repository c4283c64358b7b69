import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { createLocalKubernetes } from '../../local/kubernetes.ts'
import { describeKubeClient } from '../client.contract.ts'
import { loadKubeConfig } from '../kubeconfig.ts'
import { CONFIG_MAPS } from '../resources.ts'
import { serveClient } from '../testing/client-server.ts'
import { createHttpKubeClient } from './http-client.ts'

const RING_CAPACITY = 50

/** The client and its way over HTTP are the subject: what answers is the API of one process. */
describeKubeClient('a server over HTTP', async () => {
  const local = createLocalKubernetes({ now: () => Date.now() * 1000, ringCapacity: RING_CAPACITY })
  const server = await serveClient(local.client)
  const client = createHttpKubeClient(server.endpoint())
  return {
    client,
    async forgetEvents() {
      for (let i = 0; i <= RING_CAPACITY; i++) {
        await client.create(CONFIG_MAPS, {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { name: `filler-${i}`, namespace: 'default' },
        })
      }
    },
    async close() {
      await client.close()
      await server.close()
    },
  }
})

/** A real cluster, if one is named: the suite makes namespaces in it, and removes them. */
const kubeconfigFlag = process.env['KISEKI_TEST_KUBECONFIG']
if (kubeconfigFlag !== undefined) {
  describeKubeClient(`the cluster of ${kubeconfigFlag}`, async () => {
    const endpoint = await loadKubeConfig({
      env: process.env,
      homeDir: homedir(),
      readFile: path => readFile(path, 'utf8'),
      kubeconfigFlag,
    })
    const client = createHttpKubeClient(endpoint)
    return { client, close: () => client.close() }
  })
}
