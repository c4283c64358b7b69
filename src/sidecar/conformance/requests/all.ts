import type { RequestCase } from '../request-case.ts'
import { CHUNKS } from './chunks.ts'
import { FRAMING } from './framing.ts'
import { HOPS } from './hops.ts'
import { LIMITS } from './limits.ts'
import { LINES } from './lines.ts'
import { SEQUENCES } from './sequences.ts'
import { TARGETS } from './targets.ts'

export const REQUEST_TOPICS: Readonly<Record<string, readonly RequestCase[]>> = {
  framing: FRAMING,
  lines: LINES,
  chunks: CHUNKS,
  targets: TARGETS,
  'hop by hop': HOPS,
  sequences: SEQUENCES,
  limits: LIMITS,
}
