import { readdir, rm, rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import { findRunningMesh } from './running-mesh.ts'

/** All that a cluster and `osm up` write into a state folder, with what stands there while a file is written. */
const OURS =
  /^(credentials|pods|(api-port|kubeconfig|objects\.json|journal\.ndjson|run\.lock|up\.log)(\..+)?)$/

export interface DeleteOutcome {
  /** `in-use`: nothing was removed. `kept`: the folder stays for what is not ours in it. */
  readonly status: 'removed' | 'absent' | 'in-use' | 'kept'
  readonly kept: readonly string[]
}

/** What every cluster that ran has left; a folder without it is another one. */
const MARK = 'journal.ndjson'

/**
 * Removes what is ours of a state folder, and the folder if it is empty then: whoever names a wrong folder must not
 * lose it.
 */
export async function deleteState(stateDir: string): Promise<DeleteOutcome> {
  const names = await readdir(stateDir).catch(() => undefined)
  if (names === undefined) return { status: 'absent', kept: [] }
  if (names.length > 0 && !names.includes(MARK)) return { status: 'kept', kept: names }
  if ((await findRunningMesh(stateDir)) !== undefined) return { status: 'in-use', kept: [] }
  for (const name of names.filter(each => OURS.test(each)))
    await rm(join(stateDir, name), { recursive: true, force: true })
  const kept = names.filter(name => !OURS.test(name))
  if (kept.length === 0) await rmdir(stateDir)
  return { status: kept.length === 0 ? 'removed' : 'kept', kept }
}
