import type { KubeClient } from '../kube/client.ts'
import { createInformer } from '../kube/informer.ts'
import {
  ENDPOINTS,
  MESH_CONFIGS,
  NAMESPACES,
  PODS,
  RETRIES,
  SERVICES,
  UPSTREAM_TRAFFIC_SETTINGS,
} from '../kube/resources.ts'
import type { MeshSnapshot } from '../mesh/compile/mesh-snapshot.ts'
import { MESH_CONFIG_NAME } from '../mesh/well-known-names.ts'
import type { MeshConfigObject } from '../model/kubernetes.ts'
import type { Logger } from '../runtime/logger.ts'

/** The objects of the API that configurations depend on, kept near. */
export interface MeshView {
  /** All of them were listed. */
  readonly synced: Promise<void>
  readonly meshConfig: MeshConfigObject | undefined
  objects(): Omit<MeshSnapshot, 'meshName' | 'meshNamespace' | 'meshConfig'>
  hasPod(uid: string): boolean
  close(): Promise<void>
}

export interface MeshViewOptions {
  readonly client: KubeClient
  readonly meshNamespace: string
  readonly logger: Logger
  /** Called for each change, also those of the first list. */
  readonly changed: () => void
}

const POLICY_RETRY = { firstMillis: 1000, mostMillis: 60_000 }

export function createMeshView({ client, meshNamespace, logger, changed }: MeshViewOptions): MeshView {
  const namespaces = createInformer(client, NAMESPACES, { logger })
  const services = createInformer(client, SERVICES, { logger })
  const endpoints = createInformer(client, ENDPOINTS, { logger })
  const pods = createInformer(client, PODS, { logger })
  const meshConfigs = createInformer(client, MESH_CONFIGS, { logger, namespace: meshNamespace })
  // A mesh that an older release installed does not have them: nobody waits for these.
  const settings = createInformer(client, UPSTREAM_TRAFFIC_SETTINGS, { logger, retry: POLICY_RETRY })
  const retries = createInformer(client, RETRIES, { logger, retry: POLICY_RETRY })
  const all = [namespaces, services, endpoints, pods, meshConfigs]
  const uids = new Set<string>()

  pods.onChange(({ type, object: { metadata } }) => {
    if (metadata.uid === undefined) return
    if (type === 'DELETED') uids.delete(metadata.uid)
    else uids.add(metadata.uid)
  })
  for (const informer of [...all, settings, retries]) informer.onChange(changed)

  return {
    synced: Promise.all(all.map(informer => informer.synced)).then(() => undefined),
    get meshConfig() {
      return meshConfigs.get({ name: MESH_CONFIG_NAME, namespace: meshNamespace })
    },
    objects: () => ({
      namespaces: namespaces.list(),
      services: services.list(),
      endpoints: endpoints.list(),
      pods: pods.list(),
      upstreamTrafficSettings: settings.list(),
      retries: retries.list(),
    }),
    hasPod: uid => uids.has(uid),
    async close() {
      await Promise.all([...all, settings, retries].map(informer => informer.close()))
    },
  }
}
