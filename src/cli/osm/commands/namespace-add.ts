import { Command } from 'commander'
import { addNamespaces } from '../../../app/osm/namespaces/add-namespaces.ts'
import { withCluster } from '../with-cluster.ts'

interface AddFlags {
  readonly meshName: string
  readonly disableSidecarInjection?: true
}

export function namespaceAddCommand(): Command {
  return new Command('add')
    .description('Make namespaces part of a mesh: new pods in them get a sidecar.')
    .argument('<namespace...>', 'namespaces')
    .option('--mesh-name <name>', 'name of the mesh', 'osm')
    .option('--disable-sidecar-injection', 'give no sidecar to pods that do not ask for one')
    .action(async (names: readonly string[], flags: AddFlags, command: Command) => {
      await withCluster(command, ({ cluster, output }) =>
        addNamespaces({
          client: cluster.client,
          output,
          names,
          mesh: flags.meshName,
          disableSidecarInjection: flags.disableSidecarInjection === true,
        }),
      )
    })
}
