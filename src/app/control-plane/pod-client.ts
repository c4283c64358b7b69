import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { createHttpKubeClient, type HttpKubeClient } from '../../kube/http/http-client.ts'
import { loadKubeConfig } from '../../kube/kubeconfig.ts'
import type { Logger } from '../../runtime/logger.ts'
import type { Environment } from './role-settings.ts'

/** The API as a pod finds it. `name` owns the fields that it writes. */
export async function connectFromPod(
  env: Environment,
  name: string,
  logger: Logger,
): Promise<HttpKubeClient> {
  const endpoint = await loadKubeConfig({ env, homeDir: homedir(), readFile: path => readFile(path, 'utf8') })
  return createHttpKubeClient(endpoint, { userAgent: name, fieldManager: name, logger })
}
