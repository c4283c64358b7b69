import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Container, Pod } from '../../model/kubernetes-pod.ts'
import { ACCOUNT_MOUNT_PATH, type ServiceAccounts } from '../service-accounts.ts'

/** As containers of a cluster have them: the Service `kubernetes` in `default`, whose port is 443. */
export function apiVariables(
  server: ServiceAccounts['server'] | undefined,
): Readonly<Record<string, string>> {
  if (server === undefined) return {}
  const { host, port } = server
  const url = `tcp://${host}:${port}`
  return {
    KUBERNETES_SERVICE_HOST: host,
    KUBERNETES_SERVICE_PORT: String(port),
    KUBERNETES_SERVICE_PORT_HTTPS: String(port),
    KUBERNETES_PORT: url,
    KUBERNETES_PORT_443_TCP: url,
    KUBERNETES_PORT_443_TCP_PROTO: 'tcp',
    KUBERNETES_PORT_443_TCP_PORT: String(port),
    KUBERNETES_PORT_443_TCP_ADDR: host,
  }
}

/** Whether a container has the token of its ServiceAccount where clients look for it. */
export function hasAccountMount(container: Container): boolean {
  return accountVolume(container) !== undefined
}

export function kubeconfigFile(podFolder: string): string {
  return join(podFolder, 'kubeconfig')
}

export interface PodKubeconfig {
  readonly pod: Pod
  readonly podFolder: string
  readonly folderOf: (volume: string) => string | undefined
  readonly serviceAccounts: ServiceAccounts
}

/**
 * For client libraries: on one machine they do not find what they look for at an absolute path. Names the file of the
 * token, which is written anew before it ends. Nothing, where no container has a token.
 */
export async function writeKubeconfig(options: PodKubeconfig): Promise<void> {
  const { pod, podFolder, folderOf, serviceAccounts } = options
  const containers = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])]
  const volume = containers.map(accountVolume).find(name => name !== undefined)
  const folder = volume === undefined ? undefined : folderOf(volume)
  if (folder === undefined) return
  const { namespace = 'default' } = pod.metadata
  const user = `${namespace}:${pod.spec.serviceAccountName ?? 'default'}`
  const text = kubeconfigText({ user, namespace, tokenFile: join(folder, 'token'), serviceAccounts })
  await writeFile(kubeconfigFile(podFolder), text, { mode: 0o600 })
}

/** JSON is YAML too. */
function kubeconfigText(of: {
  readonly user: string
  readonly namespace: string
  readonly tokenFile: string
  readonly serviceAccounts: ServiceAccounts
}): string {
  const { user, namespace, tokenFile, serviceAccounts } = of
  const { server, caPem } = serviceAccounts
  const cluster = {
    server: `https://${server.host.includes(':') ? `[${server.host}]` : server.host}:${server.port}`,
    'certificate-authority-data': Buffer.from(caPem, 'utf8').toString('base64'),
  }
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'local', cluster }],
    users: [{ name: user, user: { tokenFile } }],
    contexts: [{ name: 'local', context: { cluster: 'local', user, namespace } }],
    'current-context': 'local',
  }
  return `${JSON.stringify(config, undefined, 2)}\n`
}

function accountVolume({ volumeMounts = [] }: Container): string | undefined {
  return volumeMounts.find(({ mountPath }) => mountPath === ACCOUNT_MOUNT_PATH)?.name
}
