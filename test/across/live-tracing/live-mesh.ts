import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ensureBundle } from '../../../src/app/bundles.ts'
import { type ControlPlane, startControlPlane } from '../../../src/control/control-plane.ts'
import {
  CUSTOM_RESOURCE_DEFINITIONS,
  ENDPOINTS,
  MESH_CONFIGS,
  NAMESPACES,
  PODS,
  SERVICES,
} from '../../../src/kube/resources.ts'
import { createLocalKubernetes } from '../../../src/local/kubernetes.ts'
import { defaultInstallValues } from '../../../src/mesh/install/install-values.ts'
import { renderMeshConfigDefinition } from '../../../src/mesh/install/mesh-config-definition.ts'
import {
  endpointsObject,
  namespaceObject,
  type PodOptions,
  podObject,
  serviceObject,
} from '../../../src/mesh/testing/kube-objects.ts'
import type { Pod } from '../../../src/model/kubernetes-pod.ts'
import type { TracingReport } from '../../../src/model/tracing-report.ts'
import { createLogger } from '../../../src/runtime/logger.ts'
import { parseTracingReport } from '../../../src/wire/tracing-report-json.ts'
import { type App, startBooksApp } from './books-app.ts'

const MESH = { meshName: 'osm', meshNamespace: 'osm-system' }
const MESH_CONFIG = { name: 'osm-mesh-config', namespace: MESH.meshNamespace }
const PORT = 8080
export const AUTHORITY: string = `books.shop:${PORT}`

/** `spec.observability.tracing`, as a person patches it. */
export interface TracingPatch {
  readonly enable: boolean
  readonly address?: string
  readonly port?: number
  readonly endpoint?: string
  readonly sampledFraction?: string
}

/** A sidecar in a process of its own. */
export interface SidecarProcess {
  readonly address: string
  report(): Promise<TracingReport>
  page(path: string): Promise<string>
  /** Resolves when it takes traffic. */
  ready(): Promise<void>
  stop(): Promise<void>
}

/** The Kubernetes API and a control plane in this process; a pod that asks and a pod with an app, each with its sidecar. */
export interface LiveMesh {
  readonly asking: SidecarProcess
  readonly asked: SidecarProcess
  readonly sidecars: readonly SidecarProcess[]
  patchTracing(tracing: TracingPatch): Promise<void>
  stopControlPlane(): Promise<void>
  /** At the address that it had. */
  startControlPlane(): Promise<ControlPlane>
  /** Ends the sidecar of the pod that asks, and starts another with the same state. */
  restartAsking(): Promise<void>
  close(): Promise<void>
}

/** Loopback addresses of pods, of our own as long as this process lives. */
function podAddress(index: number): string {
  return `127.${100 + index}.${(process.pid >> 8) & 0xff}.${process.pid & 0xff || 1}`
}

export async function openLiveMesh(): Promise<LiveMesh> {
  const stateDir = await mkdtemp(join(tmpdir(), 'kiseki-live-tracing-'))
  const bundle = await ensureBundle('sidecar')
  const app = await startBooksApp(podAddress(1))
  const { client } = createLocalKubernetes({ now: () => Date.now() * 1000 })
  const pods = await createObjects(client, app)
  let controlPlane: ControlPlane | undefined
  let controlPort = 0

  async function start(): Promise<ControlPlane> {
    controlPlane = await startControlPlane({
      client,
      ...MESH,
      listen: { host: '127.0.0.1', port: controlPort },
      logger: createLogger({ component: 'control', level: 'error' }),
    })
    controlPort = Number(new URL(controlPlane.url).port)
    return controlPlane
  }

  const { url } = await start()
  const startFor = (pod: Pod): SidecarProcess =>
    startSidecar(bundle, {
      POD_IP: pod.status?.podIP ?? '',
      POD_UID: pod.metadata.uid ?? '',
      POD_NAME: pod.metadata.name,
      POD_NAMESPACE: pod.metadata.namespace ?? '',
      CONTROL_PLANE_URL: url,
      SIDECAR_STATE_DIR: join(stateDir, pod.metadata.name),
    })
  const asked = startFor(pods.asked)
  let asking = startFor(pods.asking)
  await Promise.all([asked.ready(), asking.ready()])

  return {
    get asking() {
      return asking
    },
    asked,
    get sidecars() {
      return [asking, asked]
    },
    async patchTracing(tracing) {
      await client.patch(MESH_CONFIGS, MESH_CONFIG, { spec: { observability: { tracing } } })
    },
    stopControlPlane: async () => controlPlane?.stop(),
    startControlPlane: start,
    async restartAsking() {
      await asking.stop()
      asking = startFor(pods.asking)
      await asking.ready()
    },
    async close() {
      await Promise.all([asking.stop(), asked.stop()])
      await Promise.all([controlPlane?.stop(), app.close()])
      await rm(stateDir, { recursive: true, force: true })
    },
  }
}

type Client = ReturnType<typeof createLocalKubernetes>['client']

async function createObjects(client: Client, app: App): Promise<{ asking: Pod; asked: Pod }> {
  for (const name of [MESH.meshNamespace, 'shop'])
    await client.create(NAMESPACES, namespaceObject(name, MESH.meshName))
  const definition = renderMeshConfigDefinition(defaultInstallValues(MESH))
  await client.create(CUSTOM_RESOURCE_DEFINITIONS, definition)
  await client.create(MESH_CONFIGS, {
    apiVersion: 'config.openservicemesh.io/v1alpha2',
    kind: 'MeshConfig',
    metadata: MESH_CONFIG,
    spec: { observability: { tracing: { enable: false } } },
  })
  const asked = await createPod(client, {
    namespace: 'shop',
    name: 'books',
    ports: [PORT],
    address: podAddress(1),
    sockets: { [PORT]: { address: app.host, port: app.port } },
  })
  const asking = await createPod(client, {
    namespace: 'shop',
    name: 'buyer',
    address: podAddress(2),
    sockets: {},
  })
  const service = serviceObject({
    namespace: 'shop',
    name: 'books',
    selector: { app: 'books' },
    ports: [{ port: PORT, appProtocol: 'http' }],
  })
  await client.create(SERVICES, service)
  await client.create(ENDPOINTS, endpointsObject(service, [asked]))
  return { asking, asked }
}

async function createPod(client: Client, options: PodOptions): Promise<Pod> {
  const { status, ...pod } = podObject(options)
  const { name, namespace = '' } = (await client.create(PODS, pod)).metadata
  return client.patch(PODS, { name, namespace }, { status }, { subresource: 'status' })
}

function startSidecar(bundle: string, environment: Readonly<Record<string, string>>): SidecarProcess {
  const address = environment['POD_IP'] ?? ''
  const child = spawn(process.execPath, [bundle], { env: environment, stdio: ['ignore', 'ignore', 'pipe'] })
  let log = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log += text
  })
  let ended = false
  const exited = new Promise<void>(resolve => {
    child.once('exit', () => {
      ended = true
      resolve()
    })
  })
  const ask = (path: string): Promise<Response> => fetch(`http://${address}:15000${path}`)
  const page = async (path: string): Promise<string> => (await ask(path)).text()
  return {
    address,
    page,
    report: async () => parseTracingReport(await page('/tracing')),
    ready: () =>
      until('the sidecar is ready', async () => {
        if (ended) throw new Error(`the sidecar ended: ${log}`)
        return (await ask('/ready').catch(() => undefined))?.status === 200
      }),
    async stop() {
      child.kill('SIGTERM')
      await exited
    },
  }
}

const LONGEST_WAIT_MILLIS = 30_000
const ASK_AGAIN_MILLIS = 5

/** Asks again and again. */
export async function until(what: string, holds: () => Promise<boolean> | boolean): Promise<void> {
  const deadline = performance.now() + LONGEST_WAIT_MILLIS
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`waited in vain until ${what}`)
    await sleep(ASK_AGAIN_MILLIS)
  }
}
