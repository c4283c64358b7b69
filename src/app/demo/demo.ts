import type { LocalCluster } from '../../local/cluster.ts'
import type { PortForward } from '../../local/port-forward.ts'
import type { KubeObject } from '../../model/kubernetes.ts'
import type { Logger } from '../../runtime/logger.ts'
import { readImageTable } from '../mesh/image-table.ts'
import { startLocalMesh } from '../mesh/local-mesh.ts'
import { readManifests } from '../mesh/manifests.ts'
import { applyAll, deploymentsReady } from '../mesh/objects.ts'
import { installTracedMesh } from '../mesh/traced-mesh.ts'
import type { DemoDescription } from './demo-description.ts'

export interface DemoPorts {
  readonly page: number
  readonly zipkin: number
  /** Of the Kubernetes API. Absent: any. */
  readonly api?: number
}

export interface DemoOptions {
  readonly description: DemoDescription
  readonly stateDir: string
  /** 0 takes a free one. */
  readonly ports: DemoPorts
  readonly logger: Logger
  /** Told of each step when it is done. */
  readonly progress: (step: string) => void
  readonly signal: AbortSignal
}

export interface Demo {
  readonly mesh: LocalCluster
  /** Where the page and the query API are. */
  readonly pageUrl: string
  readonly zipkinUrl: string
  stop(): Promise<void>
}

const MESH_NAME = 'osm'
const MESH_NAMESPACE = 'osm-system'
const QUERY_PORT = 16_686
const ZIPKIN_PORT = 9411

/** Installs a mesh with tracing on and a Jaeger, then applies the demo's manifests: nothing that a person could not do. */
export async function startDemo(options: DemoOptions): Promise<Demo> {
  const { description, ports, progress, stateDir, logger } = options
  const [objects, images] = await Promise.all([
    readManifests(description.manifests),
    readImageTable(description.images),
  ])
  const mesh = await startLocalMesh({
    stateDir,
    logger,
    images: [images],
    ...(ports.api === undefined ? {} : { apiPort: ports.api }),
  })
  progress('the Kubernetes API of this machine answers')
  try {
    return await installDemo({ ...options, mesh, objects })
  } catch (error) {
    await mesh.stop()
    throw error
  }
}

async function installDemo(
  options: DemoOptions & { readonly mesh: LocalCluster; readonly objects: readonly KubeObject[] },
): Promise<Demo> {
  const { mesh, ports, progress, signal, description } = options
  const forward = (service: string, port: number, listenPort: number): Promise<PortForward> =>
    mesh.machine.forwardPort({
      listen: { host: '127.0.0.1', port: listenPort },
      namespace: MESH_NAMESPACE,
      service,
      port,
    })
  const [page, zipkin] = await Promise.all([
    forward('jaeger-query', QUERY_PORT, ports.page),
    forward('jaeger-collector', ZIPKIN_PORT, ports.zipkin),
  ])
  await installTracedMesh(mesh.client, { meshName: MESH_NAME, meshNamespace: MESH_NAMESPACE }, { signal })
  progress(`mesh ${MESH_NAME} is installed in namespace ${MESH_NAMESPACE}, tracing is on`)
  await applyAll(mesh.client, options.objects)
  await deploymentsReady(mesh.client, signal)
  progress(`${description.name} runs, each app behind its own sidecar`)
  return {
    mesh,
    pageUrl: `http://localhost:${page.port}`,
    zipkinUrl: `http://localhost:${zipkin.port}`,
    stop: () => mesh.stop(),
  }
}
