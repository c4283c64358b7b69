import type { KubeClient } from '../kube/client.ts'
import { createInformer } from '../kube/informer.ts'
import { unlessAbsent } from '../kube/kube-errors.ts'
import { NAMESPACES } from '../kube/resources.ts'
import { injectSidecar } from '../mesh/inject/inject-sidecar.ts'
import { INJECT_PATH, VALIDATE_PATH } from '../mesh/install/component-names.ts'
import type { Namespace } from '../model/kubernetes.ts'
import type { ListenAddress } from '../runtime/http-server.ts'
import type { Logger } from '../runtime/logger.ts'
import { reviewMeshConfig } from './webhooks/mesh-config-reviewer.ts'
import { podReviewer } from './webhooks/pod-reviewer.ts'
import { startWebhookServer } from './webhooks/webhook-server.ts'

export interface InjectorOptions {
  readonly client: KubeClient
  readonly listen: ListenAddress
  /** PEM. The certificate must have the name of the Service, `osm-injector.<mesh namespace>.svc`. */
  readonly tls: { readonly key: string; readonly cert: string }
  readonly meshName: string
  readonly meshNamespace: string
  /** Where sidecars get their configuration; asked for each pod. */
  readonly controlPlaneUrl: () => string
  /** For the label of a pod; another one each time. */
  readonly newUuid: () => string
  /** Absent: ours. */
  readonly sidecarImage?: string
  readonly logger: Logger
}

/** Serves the webhooks that put a sidecar into pods as they are created, and refuse a MeshConfig that is wrong. */
export interface Injector {
  readonly port: number
  /** `https://…` */
  readonly url: string
  /** Lets reviews that are under way end. */
  close(): Promise<void>
}

/** Resolves when it listens, and knows the namespaces. */
export async function startInjector(options: InjectorOptions): Promise<Injector> {
  const { client, meshName, meshNamespace, listen, tls, logger } = options
  const namespaces = createInformer(client, NAMESPACES, { logger })

  async function namespaceOf(name: string): Promise<Namespace | undefined> {
    // A pod may follow its namespace faster than the watch does.
    return namespaces.get({ name }) ?? (await unlessAbsent(client.get(NAMESPACES, { name })))
  }

  const reviewPod = podReviewer({
    namespace: namespaceOf,
    review: (pod, namespace) =>
      injectSidecar(pod, {
        meshName,
        meshNamespace,
        namespace,
        controlPlaneUrl: options.controlPlaneUrl(),
        proxyUuid: options.newUuid(),
        ...(options.sidecarImage === undefined ? {} : { sidecarImage: options.sidecarImage }),
      }),
  })
  try {
    await namespaces.synced
    const reviewers = { [INJECT_PATH]: reviewPod, [VALIDATE_PATH]: reviewMeshConfig }
    const server = await startWebhookServer({ listen, tls, logger, reviewers })
    return {
      port: server.port,
      url: server.url,
      async close() {
        await server.close()
        await namespaces.close()
      },
    }
  } catch (error) {
    await namespaces.close()
    throw error
  }
}
