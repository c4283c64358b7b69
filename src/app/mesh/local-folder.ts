import { basename, delimiter, dirname, resolve } from 'node:path'
import { findRunningMesh } from './background/running-mesh.ts'
import { defaultStateFolder } from './state-folder.ts'

export interface LocalFolderOptions {
  /** Of `--state-dir`. */
  readonly stateDir?: string
  /** Of `--kubeconfig`. */
  readonly kubeconfig?: string
  readonly env: Readonly<Record<string, string | undefined>>
}

/**
 * Which local cluster is meant: that of `--state-dir`, else the one whose kubeconfig is in use, where that is one of a
 * local cluster which runs (`osm demo` has its own), else that of `osm up`.
 */
export async function localFolder({ stateDir, kubeconfig, env }: LocalFolderOptions): Promise<string> {
  if (stateDir !== undefined) return resolve(stateDir)
  const files = [kubeconfig ?? '', ...(env['KUBECONFIG'] ?? '').split(delimiter)].filter(file => file !== '')
  for (const file of files) {
    if (basename(file) !== 'kubeconfig') continue
    const folder = resolve(dirname(file))
    if ((await findRunningMesh(folder)) !== undefined) return folder
  }
  return defaultStateFolder(env)
}
