import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import type { KubeClient } from '../../kube/client.ts'
import { createHttpKubeClient } from '../../kube/http/http-client.ts'
import { createHttpKubePods } from '../../kube/http/http-pods.ts'
import { loadKubeConfig } from '../../kube/kubeconfig.ts'
import type { KubePods } from '../../kube/pods.ts'
import { localKubeconfig } from '../mesh/state-folder.ts'

/** Which cluster a command is for; absent: as kubectl finds it. */
export interface ClusterFlags {
  readonly kubeconfig?: string
  readonly context?: string
}

export interface Cluster {
  readonly client: KubeClient
  readonly pods: KubePods
  /** Where it was found, for messages: the file and the context. */
  readonly source: string
  /** Of the API. */
  readonly url: string
  close(): Promise<void>
}

/** The one place where the command line gets its connection. */
export async function openCluster({ kubeconfig, context }: ClusterFlags): Promise<Cluster> {
  const endpoint = await loadKubeConfig({
    env: process.env,
    homeDir: homedir(),
    readFile: path => readFile(path, 'utf8'),
    fallbackFile: localKubeconfig(),
    ...(kubeconfig === undefined ? {} : { kubeconfigFlag: kubeconfig }),
    ...(context === undefined ? {} : { contextFlag: context }),
  })
  const options = { userAgent: 'osm', fieldManager: 'osm' }
  const client = createHttpKubeClient(endpoint, options)
  const pods = createHttpKubePods(endpoint, options)
  return {
    client,
    pods,
    source: endpoint.source,
    url: endpoint.server.href.replace(/\/$/, ''),
    async close() {
      await Promise.all([client.close(), pods.close()])
    },
  }
}
