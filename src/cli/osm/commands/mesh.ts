import { Command } from 'commander'
import { printMeshes } from '../../../app/osm/mesh-list.ts'
import { unusedPortOption } from '../flag-options.ts'
import { withCluster } from '../with-cluster.ts'

export function meshCommand(): Command {
  const list = new Command('list')
    .description('List the meshes of the cluster.')
    .addOption(unusedPortOption())
    .action(async (_flags: unknown, command: Command) => {
      await withCluster(command, ({ cluster, output }) => printMeshes(cluster, output))
    })
  return new Command('mesh').description('Look at meshes.').addCommand(list)
}
