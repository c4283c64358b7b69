import type { PortForward } from '../../local/port-forward.ts'
import type { KubeObject } from '../../model/kubernetes.ts'
import type { Logger } from '../../runtime/logger.ts'
import { ensureUi } from '../bundles.ts'
import { readImageTable } from '../mesh/image-table.ts'
import { installTracedMesh } from '../mesh/install.ts'
import { type LocalMesh, startLocalMesh } from '../mesh/local-mesh.ts'
import { readManifests } from '../mesh/manifests.ts'
import { applyAll, deploymentsReady } from '../mesh/objects.ts'
import type { DemoDescription } from './demo-description.ts'

export interface DemoPorts {
  readonly page: number
  readonly zipkin: number
  readonly control: number
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
  readonly mesh: LocalMesh
  /** Where the page and the query API are. */
  readonly pageUrl: string
  readonly zipkinUrl: string
  stop(): Promise<void>
}

const MESH_NAME = 'osm'
const MESH_NAMESPACE = 'osm-system'
const QUERY_PORT = 16_686
const ZIPKIN_PORT = 9411

/** Installs a mesh with tracing on and a Jaeger, then the demo's manifests: nothing that a person could not do. */
export async function startDemo(options: DemoOptions): Promise<Demo> {
  const { description, progress } = options
  const [objects, images, uiDir] = await Promise.all([
    readManifests(description.manifests),
    readImageTable(description.images),
    ensureUi(),
  ])
  progress('the page is built')
  const mesh = await startLocalMesh({
    meshName: MESH_NAME,
    meshNamespace: MESH_NAMESPACE,
    stateDir: options.stateDir,
    images: [images],
    controlPort: options.ports.control,
    uiDir,
    logger: options.logger,
  })
  try {
    return await installDemo({ ...options, mesh, objects })
  } catch (error) {
    await mesh.stop()
    throw error
  }
}

async function installDemo(
  options: DemoOptions & { readonly mesh: LocalMesh; readonly objects: readonly KubeObject[] },
): Promise<Demo> {
  const { mesh, ports, progress, signal, description } = options
  const forward = (service: string, port: number, listenPort: number): Promise<PortForward> =>
    mesh.machine.forwardPort({
      listen: { host: '127.0.0.1', port: listenPort },
      namespace: MESH_NAMESPACE,
      service,
      port,
    })
  await installTracedMesh(mesh.client, { meshName: MESH_NAME, meshNamespace: MESH_NAMESPACE })
  const [page, zipkin] = await Promise.all([
    forward('jaeger-query', QUERY_PORT, ports.page),
    forward('jaeger-collector', ZIPKIN_PORT, ports.zipkin),
  ])
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
