import { isIPv6 } from 'node:net'
import { join } from 'node:path'
import { type ReadTextFile, readIfPresent } from './config-files.ts'
import { tokenFileCredentials } from './credentials.ts'
import type { KubeEndpoint } from './kube-endpoint.ts'
import { badKubeConfig } from './kubeconfig-fields.ts'
import { checkCertificate } from './kubeconfig-user.ts'

const SERVICE_ACCOUNT_FOLDER = '/var/run/secrets/kubernetes.io/serviceaccount'

export interface InClusterOptions {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly readFile: ReadTextFile
  readonly nowMillis: () => number
}

/**
 * The API as a pod reaches it (kubernetes.io/docs/tasks/run-application/access-api-from-pod); undefined outside of
 * pods. Pods on one machine have no mounts of their own: there `POD_ROOT` is the folder that stands for `/`.
 */
export async function inClusterEndpoint(options: InClusterOptions): Promise<KubeEndpoint | undefined> {
  const { env, readFile } = options
  const host = env['KUBERNETES_SERVICE_HOST']
  const port = env['KUBERNETES_SERVICE_PORT']
  if (!host || !port) return undefined
  const folder = join(env['POD_ROOT'] ?? '', SERVICE_ACCOUNT_FOLDER)
  const path = join(folder, 'token')
  if ((await readIfPresent(readFile, path)) === undefined) return undefined

  const server = URL.parse(`https://${isIPv6(host) ? `[${host}]` : host}:${port}`)
  if (server === null) {
    throw badKubeConfig(
      'KUBERNETES_SERVICE_HOST, KUBERNETES_SERVICE_PORT',
      '',
      `"${host}", "${port}" is no address`,
    )
  }
  const source = `the service account of this pod (${folder})`
  const ca = await readIfPresent(readFile, join(folder, 'ca.crt'))
  if (ca !== undefined) {
    checkCertificate(ca, problem => badKubeConfig(join(folder, 'ca.crt'), '', problem))
  }
  const namespace = (await readIfPresent(readFile, join(folder, 'namespace')))?.trim()
  return {
    server,
    insecure: false,
    ...(ca === undefined ? {} : { ca }),
    namespace: namespace || 'default',
    source,
    credentials: tokenFileCredentials({ path, readFile, nowMillis: options.nowMillis, source }),
  }
}
