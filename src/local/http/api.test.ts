import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { parse } from 'yaml'
import { startLocalCluster } from '../cluster.ts'
import { BUILT_IN_RESOURCES } from '../registry/built-in-resources.ts'
import { SILENT } from '../testing/silent-logger.ts'
import { describeKubernetesApi, type OpenedApi } from './api.contract.ts'
import { createRawApi } from './raw-api.contract.ts'

/** A cluster to be compared with: its kubeconfig has `certificate-authority-data` and a token. */
const CLUSTER = process.env['KISEKI_TEST_KUBECONFIG']

async function addressIn(kubeconfig: string): Promise<Pick<OpenedApi, 'url' | 'ca' | 'token'>> {
  const { clusters, users } = parse(await readFile(kubeconfig, 'utf8'))
  const [{ cluster }] = clusters
  return {
    url: cluster.server,
    ca: Buffer.from(cluster['certificate-authority-data'], 'base64').toString(),
    token: users[0].user.token,
  }
}

const open = async (): Promise<OpenedApi> => {
  const stateDir = await mkdtemp(join(tmpdir(), 'kiseki-api-test-'))
  const cluster = await startLocalCluster({
    stateDir,
    name: 'test',
    logger: SILENT,
    resolveImage: () => undefined,
  })
  return {
    ...(await addressIn(cluster.kubeconfig)),
    async close() {
      await cluster.stop()
      await rm(stateDir, { recursive: true, force: true })
    },
  }
}

describeKubernetesApi('one machine', open)
if (CLUSTER !== undefined)
  describeKubernetesApi(`the cluster of ${CLUSTER}`, async () => ({
    ...(await addressIn(CLUSTER)),
    close: async () => undefined,
  }))

describe('kinds that nothing acts on', () => {
  it('are listed as empty, and refused with a sentence', async () => {
    const opened = await open()
    onTestFinished(() => opened.close())
    const api = createRawApi(opened)
    onTestFinished(() => api.close())
    const unsupported = BUILT_IN_RESOURCES.filter(resource => resource.unsupported !== undefined)
    for (const { group, version, plural, kind, namespaced, unsupported: why } of unsupported) {
      const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`
      const path = `${root}/${namespaced ? 'namespaces/default/' : ''}${plural}`
      expect((await api.ask(path)).body, path).toMatchObject({ kind: `${kind}List`, items: [] })
      const refused = await api.ask(path, { body: { metadata: { name: 'a' } } })
      expect(refused, path).toMatchObject({ status: 501, body: { reason: 'NotImplemented', message: why } })
      const applied = await api.ask(`${path}/a?fieldManager=a`, {
        method: 'PATCH',
        type: 'application/apply-patch+yaml',
        body: { metadata: { name: 'a' } },
      })
      expect(applied.status, path).toBe(501)
    }
  })
})
