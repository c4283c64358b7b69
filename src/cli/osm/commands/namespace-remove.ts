import { Command } from 'commander'
import { removeNamespace } from '../../../app/osm/namespaces/remove-namespace.ts'
import { withCluster } from '../with-cluster.ts'

export function namespaceRemoveCommand(): Command {
  return new Command('remove')
    .description('Take a namespace out of its mesh. Pods that run keep their sidecars.')
    .argument('<namespace>', 'namespace')
    .option('--mesh-name <name>', 'name of the mesh', 'osm')
    .action(async (name: string, { meshName }: { readonly meshName: string }, command: Command) => {
      await withCluster(command, ({ cluster, output }) =>
        removeNamespace({ client: cluster.client, output, name, mesh: meshName }),
      )
    })
}
