import type { ConfigProblem } from '../mesh/mesh-config/section.ts'

/** What became of the MeshConfig that the API has. */
export type MeshConfigState =
  /** There is none: the last good one stays in force, or else the defaults. */
  | { readonly status: 'absent' }
  | { readonly status: 'accepted'; readonly generation?: number }
  /** The last good one stays in force. */
  | {
      readonly status: 'refused'
      readonly generation?: number
      readonly problems: readonly ConfigProblem[]
    }
