import { packageVersion } from '../../app/package-root.ts'
import { KisekiError, messageOf } from '../../model/errors.ts'
import { allInOneCommand } from './all-in-one.ts'
import type { CommandRun } from './command.ts'
import { docsCommand } from './docs.ts'

const version = packageVersion()

const COMMANDS: Readonly<Record<string, CommandRun>> = {
  'all-in-one': allInOneCommand,
  docs: docsCommand,
  version: context => context.print(`kiseki ${context.version} (Node ${process.versions.node})\n`),
}

const USAGE = `kiseki, a tracing backend with the ports and APIs of Jaeger and Zipkin

Usage: kiseki COMMAND [FLAGS]

  all-in-one   Collector, store, query API and page in one process
  docs         Print the flags of all-in-one as a table in Markdown
  version      Print the version

kiseki all-in-one --help lists the flags.
`

/** 0: it worked. 1: it did not. 2: the command line was wrong. */
const USAGE_CODES: readonly string[] = ['KISEKI_BAD_FLAG', 'KISEKI_UNKNOWN_FLAG', 'KISEKI_UNKNOWN_COMMAND']

async function main([name, ...rest]: readonly string[]): Promise<void> {
  const print = (text: string): void => void process.stdout.write(text)
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    print(USAGE)
    if (name === undefined) process.exitCode = 2
    return
  }
  const run = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (run === undefined)
    throw new KisekiError('KISEKI_UNKNOWN_COMMAND', `unknown command ${JSON.stringify(name)}`)
  await run({ arguments: rest, env: process.env, version, print })
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(`Error: ${messageOf(error)}`)
  if (error instanceof KisekiError) console.error(error.remedy)
  process.exit(error instanceof KisekiError && USAGE_CODES.includes(error.code) ? 2 : 1)
})
