import { Command } from 'commander'
import { deleteState } from '../../../app/mesh/background/delete-state.ts'
import { meshDown } from '../../../app/mesh/background/mesh-down.ts'
import { KisekiError } from '../../../model/errors.ts'
import { durationOption } from '../flag-options.ts'
import { type LocalMeshFlags, stateDirOption, stateFolderOf } from '../local-mesh-flags.ts'
import { createProgress } from '../progress.ts'

interface DownFlags extends LocalMeshFlags {
  readonly delete?: true
  readonly timeout: number
}

export function downCommand(): Command {
  return new Command('down')
    .description(
      'End the local cluster and all that runs in it. Its objects stay: `osm up` starts them again.',
    )
    .addOption(stateDirOption())
    .option('--delete', 'remove its objects, credentials and logs as well')
    .addOption(durationOption('--timeout <duration>', 'how long to wait for its end').default(30_000, '30s'))
    .addHelpText(
      'after',
      '\nExit codes: 0 none runs now; 1 it still runs, or could not be removed; 2 a wrong flag.',
    )
    .action(async (flags: DownFlags) => {
      const stateDir = stateFolderOf(flags)
      const signal = AbortSignal.timeout(flags.timeout)
      const status = await meshDown({ stateDir, progress: createProgress().done, signal })
      const happened = status === 'absent' ? 'No local cluster runs' : 'The local cluster has ended'
      console.log(`${happened}; its state folder is ${stateDir}`)
      if (flags.delete) await remove(stateDir)
    })
}

async function remove(stateDir: string): Promise<void> {
  const { status, kept } = await deleteState(stateDir)
  if (status === 'in-use')
    throw new KisekiError('KISEKI_STATE_IN_USE', `a cluster runs in ${stateDir} again; nothing is removed`)
  if (status === 'kept')
    throw new KisekiError(
      'KISEKI_CONFLICT',
      `the folder ${stateDir} stays: it holds what is not of a cluster: ${kept.slice(0, 5).join(', ')}`,
      { remedy: 'See that it is the folder you mean, then remove it yourself.' },
    )
  console.log(status === 'removed' ? 'The state folder is removed.' : 'There is no state folder.')
}
