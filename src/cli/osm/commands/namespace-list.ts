import { Command } from 'commander'
import { listNamespaces } from '../../../app/osm/namespaces/list-namespaces.ts'
import { withCluster } from '../with-cluster.ts'

export function namespaceListCommand(): Command {
  return new Command('list')
    .description('List the namespaces that belong to meshes.')
    .argument('[mesh]', 'name of the mesh')
    .option('--mesh-name <name>', 'name of the mesh (default: all meshes)', '')
    .action(async (mesh: string | undefined, flags: { readonly meshName: string }, command: Command) => {
      await withCluster(command, ({ cluster, output }) =>
        listNamespaces(cluster.client, output, mesh ?? flags.meshName),
      )
    })
}
