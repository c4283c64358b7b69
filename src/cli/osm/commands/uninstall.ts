import { Command } from 'commander'
import type { OsmSettings } from '../../../app/osm/settings.ts'
import { uninstallMesh } from '../../../app/osm/uninstall/uninstall-mesh.ts'
import { CA_SECRET } from '../../../mesh/install/component-names.ts'
import { openQuestions } from '../ask.ts'
import { unusedPortOption } from '../flag-options.ts'
import { withCluster } from '../with-cluster.ts'

interface UninstallFlags {
  readonly meshName?: string
  readonly force?: true
  readonly deleteClusterWideResources?: true
  readonly deleteNamespace?: true
  readonly caBundleSecretName: string
}

export function uninstallCommand({ kind }: OsmSettings): Command {
  const mesh = new Command('mesh')
    .description('Remove a control plane. Apps and their sidecars stay as they are.')
    .option('--mesh-name <name>', 'name of the mesh (default: ask for each one that there is)')
    .option('-f, --force', 'do not ask')
    .option(
      '-a, --delete-cluster-wide-resources',
      'remove what meshes share as well: custom resource definitions, webhooks, the Secret of the CA',
    )
    .option('--delete-namespace', 'remove the namespace of the control plane as well')
    .addOption(unusedPortOption())
    .option('--ca-bundle-secret-name <name>', 'name of the Secret of the CA', CA_SECRET)
    .action(async (flags: UninstallFlags, command: Command) => {
      await withCluster(command, async ({ cluster, output, flags: global }) => {
        const questions = openQuestions()
        try {
          await uninstallMesh({
            client: cluster.client,
            output,
            ask: questions.ask,
            kind,
            ...(flags.meshName === undefined ? {} : { meshName: flags.meshName }),
            meshNamespace: global.osmNamespace,
            force: flags.force === true,
            deleteClusterWideResources: flags.deleteClusterWideResources === true,
            deleteNamespace: flags.deleteNamespace === true,
            caBundleSecretName: flags.caBundleSecretName,
          })
        } finally {
          questions.close()
        }
      })
    })
  return new Command('uninstall').aliases(['delete', 'del']).description('Remove a mesh.').addCommand(mesh)
}
