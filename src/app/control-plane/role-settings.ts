import { KisekiError } from '../../model/errors.ts'
import type { ListenAddress } from '../../runtime/http-server.ts'

export type Environment = Readonly<Record<string, string | undefined>>

export interface MeshSettings {
  readonly meshName: string
  readonly meshNamespace: string
}

/** What the Deployments of an installation say. */
export function meshSettings(env: Environment): MeshSettings {
  return { meshName: required(env, 'MESH_NAME'), meshNamespace: required(env, 'MESH_NAMESPACE') }
}

/**
 * Where a part of the control plane listens: on all interfaces at its own port, or where the variables say. On one
 * machine pods have an address each, and ports are chosen for them.
 */
export function listenSettings(env: Environment, portVariable: string, defaultPort: number): ListenAddress {
  const written = env[portVariable]
  const port = written === undefined ? defaultPort : Number(written)
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw badSetting(portVariable, `is ${JSON.stringify(written)}, it must be a port`)
  return { host: env['LISTEN_HOST'], port }
}

export function required(env: Environment, name: string): string {
  const value = env[name]
  if (value !== undefined && value !== '') return value
  throw badSetting(name, 'is not set')
}

function badSetting(name: string, problem: string): KisekiError {
  return new KisekiError('KISEKI_BAD_FLAG', `the variable ${name} ${problem}`, {
    remedy: 'Deployments that `osm install` makes set it: compare with theirs.',
  })
}
