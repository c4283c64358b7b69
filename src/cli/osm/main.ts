import { Command, CommanderError } from 'commander'
import { packageVersion } from '../../app/package-root.ts'
import { KisekiError, messageOf } from '../../model/errors.ts'
import { demoCommand } from './commands/demo.ts'
import { versionCommand } from './commands/version.ts'

const program = new Command('osm')
  .description('The command line of the mesh.')
  .version(packageVersion(), '--version', 'print the version and exit')
  .helpOption('-h, --help', 'print help and exit')
  .showHelpAfterError('run osm --help for the commands and flags that exist')
  .exitOverride()

for (const command of [demoCommand(), versionCommand()])
  program.addCommand(command.copyInheritedSettings(program))

/** 0: it worked. 1: it did not. 2: the command line was wrong. */
program.parseAsync().catch((error: unknown) => {
  if (error instanceof CommanderError) process.exit(error.exitCode === 0 ? 0 : 2)
  console.error(`Error: ${messageOf(error)}`)
  if (error instanceof KisekiError) console.error(error.remedy)
  process.exit(1)
})
