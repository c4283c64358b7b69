import { randomUUID } from 'node:crypto'
import type { KubeClient } from '../../kube/client.ts'
import { createInformer, type Informer } from '../../kube/informer.ts'
import { NAMESPACES } from '../../kube/resources.ts'
import { injectSidecar } from '../../mesh/inject/inject-sidecar.ts'
import type { Namespace, Pod } from '../../model/kubernetes.ts'
import type { Logger } from '../../runtime/logger.ts'

export interface InjectorOptions {
  readonly meshName: string
  readonly meshNamespace: string
  readonly logger: Logger
}

/** Puts a sidecar into pods as they are created. Until it is started, pods pass as they are. */
export interface Injector {
  readonly admit: (pod: Pod) => Pod
  start(mesh: { readonly client: KubeClient; readonly controlPlaneUrl: string }): Promise<void>
  stop(): Promise<void>
}

export function createInjector(options: InjectorOptions): Injector {
  let running: { readonly namespaces: Informer<Namespace>; readonly controlPlaneUrl: string } | undefined

  return {
    admit(pod) {
      const namespace = running?.namespaces.get({ name: pod.metadata.namespace ?? 'default' })
      if (running === undefined || namespace === undefined) return pod
      const { meshName, meshNamespace } = options
      const { controlPlaneUrl } = running
      return injectSidecar(pod, {
        meshName,
        meshNamespace,
        namespace,
        controlPlaneUrl,
        proxyUuid: randomUUID(),
      })
    },
    async start({ client, controlPlaneUrl }) {
      const namespaces = createInformer(client, NAMESPACES, { logger: options.logger })
      running = { namespaces, controlPlaneUrl }
      await namespaces.synced
    },
    async stop() {
      await running?.namespaces.close()
      running = undefined
    },
  }
}
