import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'yaml'
import { startLocalCluster } from '../cluster.ts'
import { SILENT } from '../testing/silent-logger.ts'
import { describeKubernetesApi } from './api.contract.ts'

describeKubernetesApi('one machine', async () => {
  const stateDir = await mkdtemp(join(tmpdir(), 'kiseki-api-test-'))
  const cluster = await startLocalCluster({
    stateDir,
    name: 'test',
    logger: SILENT,
    resolveImage: () => undefined,
  })
  const { clusters, users } = parse(await readFile(cluster.kubeconfig, 'utf8'))
  return {
    url: cluster.apiUrl,
    ca: Buffer.from(clusters[0].cluster['certificate-authority-data'], 'base64').toString(),
    token: users[0].user.token,
    async close() {
      await cluster.stop()
      await rm(stateDir, { recursive: true, force: true })
    },
  }
})
