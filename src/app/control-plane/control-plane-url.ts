import type { KubeClient } from '../../kube/client.ts'
import { createInformer } from '../../kube/informer.ts'
import { SERVICES } from '../../kube/resources.ts'
import type { Logger } from '../../runtime/logger.ts'
import type { Environment } from './role-settings.ts'

export interface ControlPlaneUrl {
  current(): string
  close(): Promise<void>
}

export interface ControlPlaneUrlOptions {
  readonly client: KubeClient
  /** With the name of a Service: `http://osm-controller.osm-system.svc.cluster.local:9091`. */
  readonly written: string
  readonly env: Environment
  readonly logger: Logger
}

/**
 * Where sidecars find the control plane. Pods of a cluster resolve the name; where the API is on the loopback there is
 * one machine and no DNS, but the address of the Service answers.
 */
export async function followControlPlaneUrl(options: ControlPlaneUrlOptions): Promise<ControlPlaneUrl> {
  const { client, written, env, logger } = options
  const url = new URL(written)
  const [name = '', namespace = ''] = url.hostname.split('.')
  if (!isLoopback(env['KUBERNETES_SERVICE_HOST'] ?? ''))
    return { current: () => written, close: async () => undefined }
  const services = createInformer(client, SERVICES, { namespace, logger })
  await services.synced
  return {
    current() {
      const address = services.get({ name, namespace })?.spec.clusterIP
      return address === undefined ? written : `${url.protocol}//${address}:${url.port}`
    },
    close: () => services.close(),
  }
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d+){3}$/.test(host)
}
