import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type LocalCluster, startLocalCluster } from '../../../src/local/cluster.ts'
import { createLogger } from '../../../src/runtime/logger.ts'
import { createKubectl, type Kubectl } from './kubectl.ts'
import { createPrograms, type Programs } from './programs.ts'

export interface ClusterUnderTest {
  readonly cluster: LocalCluster
  readonly programs: Programs
  /** For files of the test. */
  readonly folder: string
  readonly kubeconfig: string
  kubectl(version: string): Kubectl
  close(): Promise<void>
}

/** The newest version that is driven everywhere; the core battery runs on all. */
export const NEWEST = '1.35'
const GREETER = join(import.meta.dirname, '..', 'apps', 'greet.mjs')

/** Pods restart sooner than in earnest. */
const QUICK_BACKOFF = { baseMillis: 200, mostMillis: 2000 }

/** A cluster of its own on this machine; `greeter` is the only image that it knows. */
export async function openCluster(stateDir?: string): Promise<ClusterUnderTest> {
  const folder = await mkdtemp(join(tmpdir(), 'kiseki-kubectl-test-'))
  const programs = createPrograms()
  const cluster = await startLocalCluster({
    stateDir: stateDir ?? join(folder, 'state'),
    name: 'test',
    logger: createLogger({ component: 'test', level: 'error' }),
    resolveImage: image =>
      image.startsWith('greeter') ? { command: [process.execPath, GREETER, image] } : undefined,
    backoff: QUICK_BACKOFF,
    stopMillis: 1000,
  })
  const { kubeconfig } = cluster
  return {
    cluster,
    programs,
    folder,
    kubeconfig,
    kubectl: version => createKubectl({ version, programs, kubeconfig, home: folder }),
    async close() {
      await programs.close()
      await cluster.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
