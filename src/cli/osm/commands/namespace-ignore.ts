import { Command } from 'commander'
import { ignoreNamespaces } from '../../../app/osm/namespaces/ignore-namespaces.ts'
import { withCluster } from '../with-cluster.ts'

export function namespaceIgnoreCommand(): Command {
  return new Command('ignore')
    .description('Keep namespaces out of every mesh.')
    .argument('<namespace...>', 'namespaces')
    .action(async (names: readonly string[], _flags: unknown, command: Command) => {
      await withCluster(command, ({ cluster, output }) => ignoreNamespaces(cluster.client, output, names))
    })
}
