import { resolve } from 'node:path'
import { Option } from 'commander'
import { defaultStateFolder } from '../../app/mesh/state-folder.ts'

/** Which local cluster is meant. */
export interface LocalMeshFlags {
  readonly stateDir?: string
}

export function stateDirOption(): Option {
  return new Option(
    '--state-dir <folder>',
    `where the local cluster keeps its objects and logs (default: ${defaultStateFolder()})`,
  )
}

/** Absolute: other processes are told of it. */
export function stateFolderOf({ stateDir }: LocalMeshFlags): string {
  return resolve(stateDir ?? defaultStateFolder())
}
