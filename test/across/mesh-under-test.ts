import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { startLocalMesh } from '../../src/app/mesh/local-mesh.ts'
import { applyAll, deploymentsReady } from '../../src/app/mesh/objects.ts'
import { installTracedMesh } from '../../src/app/mesh/traced-mesh.ts'
import { createQueryClient, type QueryServiceClient } from '../../src/client/query-client.ts'
import { PODS } from '../../src/kube/resources.ts'
import type { LocalCluster } from '../../src/local/cluster.ts'
import type { KubeObject, Service } from '../../src/model/kubernetes.ts'
import type { EnvVar, Pod } from '../../src/model/kubernetes-pod.ts'
import type { Deployment } from '../../src/model/kubernetes-workload.ts'
import { micros } from '../../src/model/micros.ts'
import { createLogger } from '../../src/runtime/logger.ts'
import type { JaegerTrace } from '../../src/wire/jaeger-shapes.ts'

export const NAMESPACE = 'shop'

export interface MeshUnderTest {
  readonly mesh: LocalCluster
  readonly query: QueryServiceClient
  apply(...objects: readonly KubeObject[]): Promise<void>
  podOf(app: string): Promise<Pod>
  /** The log of the app's container, so far. */
  logOf(app: string): Promise<string>
  findTraces(service: string, limit?: number): Promise<readonly JaegerTrace[]>
  close(): Promise<void>
}

/** A traced mesh on free ports, with an empty namespace `shop` in it. */
export async function openMesh(): Promise<MeshUnderTest> {
  const stateDir = await mkdtemp(join(tmpdir(), 'kiseki-mesh-test-'))
  const mesh = await startLocalMesh({
    stateDir,
    images: [],
    logger: createLogger({ component: 'test', level: 'error' }),
  })
  const apply = async (...objects: readonly KubeObject[]) => {
    await applyAll(mesh.client, objects)
    await deploymentsReady(mesh.client, AbortSignal.timeout(30_000))
  }
  const signal = AbortSignal.timeout(30_000)
  await installTracedMesh(mesh.client, { meshName: 'osm', meshNamespace: 'osm-system' }, { signal })
  await apply(meshedNamespace(NAMESPACE))
  const page = await mesh.machine.forwardPort({
    listen: { host: '127.0.0.1', port: 0 },
    namespace: 'osm-system',
    service: 'jaeger-query',
    port: 16686,
  })
  const query = createQueryClient({ baseUrl: `http://127.0.0.1:${page.port}` })
  const podOf = async (app: string) => {
    const { items } = await mesh.client.list(PODS, { namespace: NAMESPACE, labels: { app } })
    const [pod] = items
    if (pod === undefined) throw new Error(`no pod of ${app}`)
    return pod
  }
  return {
    mesh,
    query,
    apply,
    podOf,
    async logOf(app) {
      const { name } = (await podOf(app)).metadata
      const lines: string[] = []
      for await (const line of mesh.machine.readLogs({ name, namespace: NAMESPACE }, app)) lines.push(line)
      return lines.join('\n')
    },
    findTraces(service, limit = 1000) {
      const now = Date.now() * 1000
      return query.findTraces({ service, limit, range: { from: micros(now - 3.6e9), to: micros(now) } })
    },
    async close() {
      await mesh.stop()
      await rm(stateDir, { recursive: true, force: true })
    },
  }
}

export async function eventually<T>(ask: () => Promise<T | undefined>, what: string): Promise<T> {
  for (const deadline = Date.now() + 30_000; Date.now() < deadline; await delay(100)) {
    const found = await ask()
    if (found !== undefined) return found
  }
  throw new Error(`waited in vain for ${what}`)
}

function meshedNamespace(name: string): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name,
      labels: { 'openservicemesh.io/monitored-by': 'osm' },
      annotations: { 'openservicemesh.io/sidecar-injection': 'enabled' },
    },
  }
}

export interface AppOptions {
  readonly command: readonly string[]
  readonly port?: number
  readonly env?: readonly EnvVar[]
}

/** A Deployment, its container named as the app. */
export function appDeployment(name: string, { command, port, env = [] }: AppOptions): Deployment {
  const labels = { app: name }
  const listening = {
    ports: [{ containerPort: port ?? 0 }],
    readinessProbe: { tcpSocket: { port: port ?? 0 }, periodSeconds: 1 },
  }
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: NAMESPACE },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          containers: [
            { name, image: `test/${name}`, command, env, ...(port === undefined ? {} : listening) },
          ],
        },
      },
    },
  }
}

export function appService(name: string, port: number, appProtocol = 'http'): Service {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: NAMESPACE },
    spec: { selector: { app: name }, ports: [{ port, targetPort: port, appProtocol }] },
  }
}
