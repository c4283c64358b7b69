import type { KubeClient } from '../kube/client.ts'
import { createInformer } from '../kube/informer.ts'
import { ENDPOINTS, MESH_CONFIGS, NAMESPACES, PODS, SERVICES } from '../kube/resources.ts'
import type { MeshSnapshot } from '../mesh/compile/mesh-snapshot.ts'
import { MESH_CONFIG_NAME } from '../mesh/well-known-names.ts'
import type { MeshConfigObject } from '../model/kubernetes.ts'
import type { Logger } from '../runtime/logger.ts'

/** The objects of the API that configurations depend on, kept near. */
export interface MeshView {
  /** All of them were listed. */
  readonly synced: Promise<void>
  readonly meshConfig: MeshConfigObject | undefined
  objects(): Pick<MeshSnapshot, 'namespaces' | 'services' | 'endpoints' | 'pods'>
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

export function createMeshView({ client, meshNamespace, logger, changed }: MeshViewOptions): MeshView {
  const namespaces = createInformer(client, NAMESPACES, { logger })
  const services = createInformer(client, SERVICES, { logger })
  const endpoints = createInformer(client, ENDPOINTS, { logger })
  const pods = createInformer(client, PODS, { logger })
  const meshConfigs = createInformer(client, MESH_CONFIGS, { logger, namespace: meshNamespace })
  const all = [namespaces, services, endpoints, pods, meshConfigs]
  const uids = new Set<string>()

  pods.onChange(({ type, object: { metadata } }) => {
    if (metadata.uid === undefined) return
    if (type === 'DELETED') uids.delete(metadata.uid)
    else uids.add(metadata.uid)
  })
  for (const informer of all) informer.onChange(changed)

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
    }),
    hasPod: uid => uids.has(uid),
    async close() {
      await Promise.all(all.map(informer => informer.close()))
    },
  }
}
