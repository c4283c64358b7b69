import { Command } from 'commander'
import { findRunningMesh } from '../../../app/mesh/background/running-mesh.ts'
import { localFolder } from '../../../app/mesh/local-folder.ts'
import { openCluster } from '../../../app/osm/cluster.ts'
import { containerProcesses } from '../../../app/osm/ps/container-processes.ts'
import { type LocalList, listPods, printLocal } from '../../../app/osm/ps/list-local.ts'
import type { GlobalFlags } from '../global-flags.ts'
import { type LocalMeshFlags, stateDirOption } from '../local-mesh-flags.ts'
import { type FormatFlags, jsonText, outputOption } from '../output-format.ts'
import { terminalOutput } from '../terminal-output.ts'

export function psCommand(): Command {
  return new Command('ps')
    .description('List what runs on this machine: the local cluster, its pods, their processes.')
    .addOption(stateDirOption())
    .addOption(outputOption())
    .addHelpText(
      'after',
      '\nExit codes: 0 also when none runs; 1 the cluster does not answer; 2 a wrong flag.',
    )
    .action(async (_flags: unknown, command: Command) => {
      const flags = command.optsWithGlobals<GlobalFlags & LocalMeshFlags & FormatFlags>()
      const list = await listLocal(await localFolder({ ...flags, env: process.env }))
      terminalOutput().write(flags.output === 'json' ? jsonText(list) : printLocal(list))
    })
}

async function listLocal(stateDir: string): Promise<LocalList> {
  const mesh = await findRunningMesh(stateDir)
  if (mesh === undefined) return { running: false, stateDir }
  const { pid, kubeconfig, runId } = mesh
  const cluster = await openCluster({ kubeconfig })
  try {
    const processes = await containerProcesses(runId)
    const pods = await listPods(cluster.client, processes)
    return { running: true, stateDir, pid, apiUrl: cluster.url, kubeconfig, pods }
  } finally {
    await cluster.close()
  }
}
