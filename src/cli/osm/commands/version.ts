import { Command } from 'commander'
import { clientVersionLine, meshVersions, NO_MESH_LINE } from '../../../app/osm/versions.ts'
import { packageVersion } from '../../../app/package-root.ts'
import { messageOf } from '../../../model/errors.ts'
import { globalFlags } from '../global-flags.ts'
import { terminalOutput } from '../terminal-output.ts'
import { withCluster } from '../with-cluster.ts'

interface VersionFlags {
  readonly clientOnly?: true
  readonly versionOnly?: true
}

export function versionCommand(): Command {
  return new Command('version')
    .description('Print the versions of this command line and of the control planes.')
    .option('--client-only', 'ask no cluster')
    .option('--version-only', 'print versions without commit and date')
    .action(async ({ clientOnly, versionOnly }: VersionFlags, command: Command) => {
      const output = terminalOutput(globalFlags(command).verbose)
      output.write(clientVersionLine(packageVersion(), versionOnly === true))
      if (clientOnly === true) return
      try {
        await withCluster(command, async ({ cluster }) => {
          output.write(await meshVersions(cluster, versionOnly === true))
        })
      } catch (error) {
        // Without a cluster the command line has a version all the same.
        output.write(NO_MESH_LINE)
        output.note(`${messageOf(error)}\n`)
      }
    })
}
