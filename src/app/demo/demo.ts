import type { LocalCluster } from '../../local/cluster.ts'
import type { PortForward } from '../../local/port-forward.ts'
import { MONITORED_BY_LABEL } from '../../mesh/well-known-names.ts'
import type { KubeObject } from '../../model/kubernetes.ts'
import type { Logger } from '../../runtime/logger.ts'
import { readImageTable } from '../mesh/image-table.ts'
import { startLocalMesh } from '../mesh/local-mesh.ts'
import { readManifests } from '../mesh/manifests.ts'
import { applyAll, deploymentsReady } from '../mesh/objects.ts'
import { installBareMesh, installTracedMesh } from '../mesh/traced-mesh.ts'
import type { DemoDescription } from './demo-description.ts'
import { DEFAULT_DEMO_SETTINGS, type DemoSettings } from './demo-settings.ts'

export interface DemoPorts {
  readonly page: number
  readonly zipkin: number
  /** Of the Kubernetes API. Absent: any. */
  readonly api?: number
}

export interface DemoOptions {
  readonly description: DemoDescription
  /** Absent: a Jaeger, and names as osm-edge has them. */
  readonly settings?: DemoSettings
  readonly stateDir: string
  /** 0 takes a free one. */
  readonly ports: DemoPorts
  readonly logger: Logger
  /** Told of each step when it is done. */
  readonly progress: (step: string) => void
  readonly signal: AbortSignal
}

export interface DemoJaeger {
  /** Where the page and the query API are. */
  readonly pageUrl: string
  readonly zipkinUrl: string
}

export interface Demo {
  readonly mesh: LocalCluster
  /** Absent: it has no Jaeger. */
  readonly jaeger?: DemoJaeger
  stop(): Promise<void>
}

const QUERY_PORT = 16_686
const ZIPKIN_PORT = 9411

/** Installs a mesh, with tracing on and a Jaeger unless the settings say otherwise, then applies the demo's manifests: nothing that a person could not do. */
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
  const { mesh, progress, signal, description, settings = DEFAULT_DEMO_SETTINGS } = options
  const { meshName, meshNamespace, deployJaeger } = settings
  const jaeger = deployJaeger ? { jaeger: await forwardJaeger(options, meshNamespace) } : {}
  const installMesh = deployJaeger ? installTracedMesh : installBareMesh
  await installMesh(mesh.client, { meshName, meshNamespace }, { signal })
  progress(
    `mesh ${meshName} is installed in namespace ${meshNamespace}, tracing is ${deployJaeger ? 'on' : 'off'}`,
  )
  await applyAll(
    mesh.client,
    options.objects.map(object => inMesh(object, meshName)),
  )
  await deploymentsReady(mesh.client, signal)
  progress(`${description.name} runs, each app behind its own sidecar`)
  return { mesh, ...jaeger, stop: () => mesh.stop() }
}

/** The manifests name a mesh; where it has another name, they are meant for that one. */
function inMesh(object: KubeObject, mesh: string): KubeObject {
  const { labels } = object.metadata
  if (labels?.[MONITORED_BY_LABEL] === undefined) return object
  return { ...object, metadata: { ...object.metadata, labels: { ...labels, [MONITORED_BY_LABEL]: mesh } } }
}

/** Before it is there: connections find it when it is. */
async function forwardJaeger(
  { mesh, ports }: Pick<DemoOptions, 'ports'> & { readonly mesh: LocalCluster },
  namespace: string,
): Promise<DemoJaeger> {
  const forward = (service: string, port: number, listenPort: number): Promise<PortForward> =>
    mesh.machine.forwardPort({
      listen: { host: '127.0.0.1', port: listenPort },
      namespace,
      service,
      port,
    })
  const [page, zipkin] = await Promise.all([
    forward('jaeger-query', QUERY_PORT, ports.page),
    forward('jaeger-collector', ZIPKIN_PORT, ports.zipkin),
  ])
  return { pageUrl: `http://localhost:${page.port}`, zipkinUrl: `http://localhost:${zipkin.port}` }
}
