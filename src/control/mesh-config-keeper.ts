import { defaultMeshConfig } from '../mesh/mesh-config/defaults.ts'
import { parseMeshConfig } from '../mesh/mesh-config/parse.ts'
import type { MeshConfigObject } from '../model/kubernetes.ts'
import type { MeshConfigSpec } from '../model/mesh-config.ts'
import type { Logger } from '../runtime/logger.ts'
import type { MeshConfigState } from './mesh-config-state.ts'
import { specInForce } from './mesh-config-status.ts'

/** Holds the last MeshConfig that could be used. */
export interface MeshConfigKeeper {
  readonly config: MeshConfigSpec
  readonly state: MeshConfigState
  /** What the API has now; undefined: nothing. */
  take(object: MeshConfigObject | undefined): void
}

export interface MeshConfigKeeperOptions {
  readonly logger: Logger
  /** Called for each version of the object, when the state is known. */
  readonly taken: (object: MeshConfigObject, state: MeshConfigState) => void
}

export function createMeshConfigKeeper({ logger, taken }: MeshConfigKeeperOptions): MeshConfigKeeper {
  let config = defaultMeshConfig()
  let state: MeshConfigState = { status: 'absent' }
  let version: string | undefined
  /** Something better than the defaults. */
  let known = false

  function read(object: MeshConfigObject): MeshConfigState {
    const { generation } = object.metadata
    const at = generation === undefined ? {} : { generation }
    const outcome = parseMeshConfig(object.spec)
    if ('problems' in outcome) {
      if (!known) restore(object)
      return { status: 'refused', ...at, problems: outcome.problems }
    }
    config = outcome.config
    known = true
    return { status: 'accepted', ...at }
  }

  /** A control plane that has just started did not see the last good one; the one before it wrote it down. */
  function restore({ status }: MeshConfigObject): void {
    const spec = specInForce(status)
    const outcome = spec === undefined ? undefined : parseMeshConfig(spec)
    if (outcome === undefined || 'problems' in outcome) {
      logger.error('no MeshConfig that could be used is known, the defaults are in force')
      return
    }
    config = outcome.config
    known = true
  }

  return {
    get config() {
      return config
    },
    get state() {
      return state
    },
    take(object) {
      if (object === undefined) {
        if (state.status !== 'absent') logger.warn('the MeshConfig is gone, the last good one stays in force')
        state = { status: 'absent' }
        version = undefined
        return
      }
      if (version !== undefined && version === object.metadata.resourceVersion) return
      version = object.metadata.resourceVersion
      const before = state
      state = read(object)
      if (JSON.stringify(before) !== JSON.stringify(state)) log(logger, state)
      taken(object, state)
    },
  }
}

function log(logger: Logger, state: MeshConfigState): void {
  if (state.status !== 'refused') {
    logger.info('the MeshConfig is in force')
    return
  }
  for (const { path, message } of state.problems)
    logger.error('the MeshConfig is refused, the last good one stays in force', { path, problem: message })
}
