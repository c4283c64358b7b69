import { homedir } from 'node:os'
import { join } from 'node:path'

type Environment = Readonly<Record<string, string | undefined>>

/** Where the mesh of this machine keeps its state when nobody says otherwise (XDG Base Directory Specification). */
export function defaultStateFolder(env: Environment = process.env): string {
  return join(env['XDG_STATE_HOME'] || join(homedir(), '.local', 'state'), 'kiseki', 'mesh')
}

/** The kubeconfig that `osm up` writes there. */
export function localKubeconfig(env: Environment = process.env): string {
  return join(defaultStateFolder(env), 'kubeconfig')
}
