import { homedir } from 'node:os'
import { Command, CommanderError } from 'commander'
import { type OsmSettings, readSettings } from '../../app/osm/settings.ts'
import { packageVersion } from '../../app/package-root.ts'
import { KisekiError, messageOf } from '../../model/errors.ts'
import { demoCommand } from './commands/demo.ts'
import { downCommand } from './commands/down.ts'
import { envCommand } from './commands/env.ts'
import { installCommand } from './commands/install.ts'
import { meshCommand } from './commands/mesh.ts'
import { metricsCommand } from './commands/metrics.ts'
import { namespaceCommand } from './commands/namespace.ts'
import { proxyCommand } from './commands/proxy.ts'
import { psCommand } from './commands/ps.ts'
import { runCommand } from './commands/run.ts'
import { tracingCommand } from './commands/tracing.ts'
import { uninstallCommand } from './commands/uninstall.ts'
import { upCommand } from './commands/up.ts'
import { verifyCommand } from './commands/verify.ts'
import { versionCommand } from './commands/version.ts'
import { addGlobalFlags } from './global-flags.ts'

function createProgram(settings: OsmSettings): Command {
  const program = new Command('osm')
    .description('The command line of the mesh.')
    .version(packageVersion(), '--version', 'print the version and exit')
    .helpOption('-h, --help', 'print help and exit')
    .showHelpAfterError('run osm --help for what exists')
    .exitOverride()
  addGlobalFlags(program, settings.namespace)
  // Who manages the control plane for others installs it, too.
  const installing = settings.kind === 'managed' ? [] : [installCommand()]
  const commands = [
    ...installing,
    uninstallCommand(settings),
    meshCommand(),
    namespaceCommand(),
    proxyCommand(),
    tracingCommand(),
    metricsCommand(),
    verifyCommand(),
    envCommand(settings),
    versionCommand(),
    upCommand(),
    downCommand(),
    psCommand(),
    runCommand(),
    demoCommand(),
  ]
  for (const command of commands) addWithin(program, command)
  return program
}

/** Commander hands settings down only to commands that it makes itself. */
function addWithin(parent: Command, command: Command): void {
  command.copyInheritedSettings(parent)
  if (command.parent === null) parent.addCommand(command)
  command.showHelpAfterError(`run ${fullName(command)} --help for what exists`)
  for (const inner of command.commands) addWithin(command, inner)
}

/** `osm mesh list` */
function fullName(command: Command): string {
  return command.parent === null ? command.name() : `${fullName(command.parent)} ${command.name()}`
}

/** 0: it worked. 1: it did not. 2: the command line was wrong. */
async function main(): Promise<void> {
  await createProgram(readSettings({ env: process.env, home: homedir() })).parseAsync()
}

main().catch((error: unknown) => {
  if (error instanceof CommanderError) process.exit(error.exitCode === 0 ? 0 : 2)
  console.error(`Error: ${messageOf(error)}`)
  if (error instanceof KisekiError) console.error(error.remedy)
  process.exit(1)
})
