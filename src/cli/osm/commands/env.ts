import { Command } from 'commander'
import { type OsmSettings, printSettings } from '../../../app/osm/settings.ts'
import { terminalOutput } from '../terminal-output.ts'

export function envCommand(settings: OsmSettings): Command {
  return new Command('env')
    .description('Print the environment of this command line: $OSM_CONFIG, or ~/.osm/config.yaml.')
    .action((_flags: unknown, command: Command) => {
      const { osmNamespace } = command.optsWithGlobals<{ readonly osmNamespace: string }>()
      terminalOutput().write(printSettings({ ...settings, namespace: osmNamespace }))
    })
}
