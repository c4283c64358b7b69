import type { KubeClient } from '../../kube/client.ts'
import type { KubePods } from '../../kube/pods.ts'
import { KisekiError } from '../../model/errors.ts'

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
  close(): Promise<void>
}

/** The one place where the command line gets its connection. */
export function openCluster(_flags: ClusterFlags): Promise<Cluster> {
  return Promise.reject(
    new KisekiError('KISEKI_API_UNREACHABLE', 'this build has no connection to a Kubernetes API yet'),
  )
}
