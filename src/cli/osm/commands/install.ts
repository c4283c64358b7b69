import { Command, Option } from 'commander'
import { installMesh } from '../../../app/osm/install/install-mesh.ts'
import { installYaml } from '../../../app/osm/install/install-yaml.ts'
import { readValuesFiles } from '../../../app/osm/install/values-files.ts'
import { packageVersion } from '../../../app/package-root.ts'
import type { InstallValues } from '../../../mesh/install/install-values.ts'
import { valuesFromSources } from '../../../mesh/install/values-from-flags.ts'
import { booleanOption, repeatableOption, timeoutOption } from '../flag-options.ts'
import type { GlobalFlags } from '../global-flags.ts'
import { terminalOutput } from '../terminal-output.ts'
import { whenAsked } from '../when-asked.ts'
import { withCluster } from '../with-cluster.ts'

interface InstallFlags extends GlobalFlags {
  readonly meshName: string
  readonly enforceSingleMesh: boolean
  readonly set: readonly string[]
  readonly values: readonly string[]
  /** Milliseconds, or infinite. */
  readonly timeout: number
  readonly atomic?: true
  readonly dryRun?: true
  readonly osmChartPath?: string
}

const DEFAULT_TIMEOUT_MILLIS = 300_000

export function installCommand(): Command {
  return new Command('install')
    .description('Install the control plane of a mesh into a cluster.')
    .option('--mesh-name <name>', 'name of the mesh', 'osm')
    .addOption(repeatableOption('--set <key=value,...>', 'set values of the chart; may be repeated'))
    .addOption(repeatableOption('-f, --values <file>', 'take values from a YAML file; may be repeated'))
    .addOption(
      timeoutOption('--timeout <duration>', 'how long to wait until all is ready').default(
        DEFAULT_TIMEOUT_MILLIS,
        '5m0s',
      ),
    )
    .addOption(booleanOption('--enforce-single-mesh', 'allow no other mesh in the cluster', true))
    .option('--atomic', 'remove what was created when the installation fails')
    .option('--dry-run', 'print the objects as YAML and create nothing')
    .addOption(new Option('--osm-chart-path <path>', 'not supported: the objects are built in'))
    .action(async (_flags: unknown, command: Command) => {
      const flags = command.optsWithGlobals<InstallFlags>()
      const values = await readValues(flags, command)
      if (flags.dryRun) terminalOutput().write(installYaml(values))
      else await install(values, flags, command)
    })
}

async function readValues(flags: InstallFlags, command: Command): Promise<InstallValues> {
  if (flags.osmChartPath !== undefined)
    command.error(
      'error: --osm-chart-path is not supported: the objects are built in; change them with --set and -f',
    )
  checkName('--mesh-name', flags.meshName, command)
  checkName('--osm-namespace', flags.osmNamespace, command)
  const files = await readValuesFiles(flags.values)
  const outcome = valuesFromSources(
    { files, flags: flags.set },
    {
      meshName: flags.meshName,
      meshNamespace: flags.osmNamespace,
      enforceSingleMesh: flags.enforceSingleMesh,
      version: packageVersion(),
    },
  )
  if ('problems' in outcome) return command.error(outcome.problems.map(text => `error: ${text}`).join('\n'))
  for (const warning of outcome.warnings) terminalOutput().note(`Warning: ${warning}\n`)
  return outcome.values
}

async function install(values: InstallValues, flags: InstallFlags, command: Command): Promise<void> {
  const asked = whenAsked()
  await withCluster(command, async ({ cluster, output }) => {
    await installMesh({
      client: cluster.client,
      values,
      output,
      signal: asked.signal,
      atomic: flags.atomic === true,
      ...(Number.isFinite(flags.timeout) ? { timeoutMillis: flags.timeout } : {}),
    })
  })
}

/** It becomes the name of objects and the value of a label (RFC 1123, label). */
const NAME = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/

function checkName(flag: string, name: string, command: Command): void {
  if (!NAME.test(name))
    command.error(
      `error: ${flag} takes at most 63 lower-case letters, digits and "-" between them, but is ${JSON.stringify(name)}`,
    )
}
