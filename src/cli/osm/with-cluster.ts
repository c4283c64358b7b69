import type { Command } from 'commander'
import { type Cluster, openCluster } from '../../app/osm/cluster.ts'
import type { Output } from '../../app/osm/output.ts'
import { type GlobalFlags, globalFlags } from './global-flags.ts'
import { terminalOutput } from './terminal-output.ts'

export interface CommandContext {
  readonly cluster: Cluster
  readonly output: Output
  readonly flags: GlobalFlags
}

/** Runs what needs a cluster, with one that is closed afterwards. */
export async function withCluster(
  command: Command,
  run: (context: CommandContext) => Promise<void>,
): Promise<void> {
  const flags = globalFlags(command)
  const output = terminalOutput(flags.verbose)
  const cluster = await openCluster(flags)
  output.debug(`using ${cluster.source}`)
  try {
    await run({ cluster, output, flags })
  } finally {
    await cluster.close()
  }
}
