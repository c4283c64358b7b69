import type { KubeClient } from '../../../kube/client.ts'
import { PODS } from '../../../kube/resources.ts'
import { textTable } from '../text-table.ts'
import type { ContainerProcesses } from './container-processes.ts'
import { type PodRow, podRow } from './pod-row.ts'

/** What `osm ps -o json` prints. */
export type LocalList =
  | { readonly running: false; readonly stateDir: string }
  | {
      readonly running: true
      readonly stateDir: string
      /** Of the cluster. */
      readonly pid: number
      readonly apiUrl: string
      readonly kubeconfig: string
      readonly pods: readonly PodRow[]
    }

/** By namespace and name. */
export async function listPods(
  client: KubeClient,
  processes: ContainerProcesses,
): Promise<readonly PodRow[]> {
  const { items } = await client.list(PODS)
  const rows = items.map(pod => podRow(pod, processes))
  return rows.sort((a, b) => (`${a.namespace}/${a.pod}` < `${b.namespace}/${b.pod}` ? -1 : 1))
}

export function printLocal(list: LocalList): string {
  if (!list.running) return `No local cluster runs in ${list.stateDir}; start one: osm up\n`
  const head = textTable([
    ['CLUSTER', `runs, process ${list.pid}`],
    ['API', list.apiUrl],
    ['KUBECONFIG', list.kubeconfig],
  ])
  if (list.pods.length === 0) return `${head}\nNo pod runs; put a mesh into it: osm install\n`
  return `${head}\n${textTable([HEADER, ...list.pods.map(cells)])}`
}

const HEADER = ['NAMESPACE', 'POD', 'READY', 'STATUS', 'PROCESSES', 'SIDECAR ENTRY']

function cells({ namespace, pod, ready, containers, status, processes, sidecar }: PodRow): readonly string[] {
  const pids = Object.values(processes).join(',')
  return [namespace, pod, `${ready}/${containers}`, status, pids || '-', sidecar ?? '-']
}
