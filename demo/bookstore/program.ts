import { globalAgent } from 'node:http'
import { type Environment, type Flags, flagsOf } from './environment.ts'
import { errorText } from './error-text.ts'
import { type Journal, openJournal } from './journal.ts'

/** What a program may touch of the process that it runs in. */
export interface Surroundings {
  readonly env: Environment
  readonly flags: Flags
  readonly journal: Journal
  /** Aborted by the first SIGTERM or SIGINT. */
  readonly stop: AbortSignal
}

/** Well inside the 30 s that Kubernetes grants; a sale in progress takes 0.75 s. */
const SHUTDOWN_LIMIT_MS = 5_000

/** Runs a program to its end: exit code 0 when it was told to stop, 1 when it failed. A second signal kills. */
export const runProgram = async (
  name: string,
  main: (surroundings: Surroundings) => Promise<void>,
): Promise<void> => {
  const stopping = new AbortController()
  const stop = (): void => {
    stopping.abort()
    setTimeout(() => process.exit(), SHUTDOWN_LIMIT_MS).unref()
  }
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
  // Nobody reads the log any more: end in order instead of crashing on the next line.
  process.stdout.on('error', stop)
  const journal = openJournal(name, text => process.stdout.write(`${text}\n`))
  try {
    const flags = flagsOf(process.argv.slice(2))
    await main({ env: process.env, flags, journal, stop: stopping.signal })
  } catch (error) {
    journal.error(errorText(error))
    process.exitCode = 1
    stop()
  }
  globalAgent.destroy()
}
