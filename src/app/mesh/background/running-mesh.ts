import { join } from 'node:path'
import { NAMESPACES } from '../../../kube/resources.ts'
import { stateHolder } from '../../../local/runner/state-lock.ts'
import { openCluster } from '../../osm/cluster.ts'

/** The process that runs the local cluster of a state folder. It may still be starting, or ending. */
export interface RunningMesh {
  readonly stateDir: string
  readonly pid: number
  /** Marks all of its pods' processes. */
  readonly runId: string
  /** The pid is known to be that process and no later one: not every system tells. */
  readonly isSure: boolean
  readonly kubeconfig: string
}

/** Undefined where no cluster runs in the folder. */
export async function findRunningMesh(stateDir: string): Promise<RunningMesh | undefined> {
  const holder = await stateHolder(stateDir)
  if (holder === undefined) return undefined
  const { pid, runId, startTime } = holder
  return { stateDir, pid, runId, isSure: startTime !== '', kubeconfig: kubeconfigIn(stateDir) }
}

/** The file that the cluster of a state folder writes when it answers. */
export function kubeconfigIn(stateDir: string): string {
  return join(stateDir, 'kubeconfig')
}

/** Whether its API lets us in. One on the same port that is another's does not. */
export async function answers({ kubeconfig }: Pick<RunningMesh, 'kubeconfig'>): Promise<boolean> {
  try {
    const cluster = await openCluster({ kubeconfig })
    try {
      await cluster.client.list(NAMESPACES)
      return true
    } finally {
      await cluster.close()
    }
  } catch {
    return false
  }
}
